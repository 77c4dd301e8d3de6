package io.afina.keeper;

import io.afina.classifier.join.Stray;
import io.afina.event.MalformedRecordException;
import io.afina.event.TrainingExample;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Finds the training examples that have an embedding of a backbone that is not needed any more, and
 * one of another.
 */
record EmbeddingDropper(String backbone, Deserializer<TrainingExample> examples) implements Work {

  static final String NAME = "drop";

  @Override
  public Outcome take(ConsumerRecord<String, byte[]> record, BiConsumer<String, Stray> home) {
    try {
      TrainingExample example = examples.deserialize(record.topic(), record.value());
      if (example == null
          || example.embeddings().size() == 1
          || example.embedding(backbone).isEmpty()) {
        return Outcome.NOTHING;
      }
      home.accept(record.key(), new Stray.Dropped(backbone, System.currentTimeMillis()));
      return Outcome.SENT;
    } catch (MalformedRecordException e) {
      return Outcome.MALFORMED;
    }
  }
}
