package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.SafeTensors.Tensor;
import io.afina.event.TrainingExample.Vote;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serializes training examples as safetensors: one F16 tensor {@code embedding}, the rest in the
 * metadata. Any safetensors library reads it, and 1280 dimensions take 2.8 KB.
 */
final class TrainingExampleSerde implements Serde<TrainingExample> {

  private static final String TENSOR = "embedding";
  private static final String VOTES = "votes";

  @Override
  public Serializer<TrainingExample> serializer() {
    return (topic, example) -> example == null ? null : write(example);
  }

  @Override
  public Deserializer<TrainingExample> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(bytes);
  }

  private static byte[] write(TrainingExample example) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("label", example.label());
    if (example.labeller() != null) {
      metadata.put("labeller", example.labeller());
    }
    if (!example.votes().isEmpty()) {
      metadata.put(VOTES, new String(Json.write(example.votes()), StandardCharsets.UTF_8));
    }
    metadata.put("at", example.at().toString());
    if (example.asked() != null) {
      metadata.put("asked", example.asked().text());
    }
    metadata.put("backbone", example.embedding().backbone());
    float[] values = example.embedding().values();
    Tensor embedding = Tensor.ofHalves(values, values.length);
    return new SafeTensors(metadata, Map.of(TENSOR, embedding)).toBytes();
  }

  private static TrainingExample read(byte[] bytes) {
    SafeTensors blob = SafeTensors.parse(bytes);
    float[] embedding = blob.tensor(TENSOR).toFloats();
    if (embedding.length == 0 || !allFinite(embedding)) {
      throw new MalformedRecordException(
          "has an embedding without numbers, or with one that is not finite");
    }
    try {
      return new TrainingExample(
          blob.require("label"),
          blob.metadata().get("labeller"),
          Instant.parse(blob.require("at")),
          new Embedding(blob.require("backbone"), embedding),
          ReviewReason.parse(blob.metadata().get("asked")).orElse(null),
          votes(blob.metadata().get(VOTES)));
    } catch (DateTimeException e) {
      throw new MalformedRecordException("has no readable time: " + e.getMessage(), e);
    }
  }

  private static List<Vote> votes(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    Vote[] votes = Json.read(json.getBytes(StandardCharsets.UTF_8), Vote[].class);
    for (Vote vote : votes) {
      if (vote == null || vote.label() == null) {
        throw new MalformedRecordException("has a vote for no label");
      }
    }
    return List.of(votes);
  }

  private static boolean allFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
