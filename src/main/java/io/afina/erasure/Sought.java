package io.afina.erasure;

import io.afina.erasure.Occurrence.Kind;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is sought in all records. It sees those of a partition in their order. */
interface Sought {

  /** What of it is in a record, if anything. */
  Optional<Kind> in(ConsumerRecord<byte[], byte[]> record, ErasableTopic topic);

  /** The embeddings of images that are sought, as far as they are known by now. */
  List<float[]> embeddings();
}
