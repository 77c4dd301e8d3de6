package io.afina.event;

import io.afina.event.ReviewItem.ReviewReason;
import io.afina.event.SafeTensors.Tensor;
import io.afina.event.TrainingExample.ImagePlace;
import io.afina.event.TrainingExample.Vote;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serializes training examples as safetensors: one F16 tensor {@code embedding} of the metadata's
 * {@code backbone}, another {@code embedding/<backbone>} for each further backbone, the rest in the
 * metadata. Any safetensors library reads it, and 1280 dimensions take 2.8 KB.
 */
final class TrainingExampleSerde implements Serde<TrainingExample> {

  private static final String TENSOR = "embedding";
  private static final String FURTHER = TENSOR + "/";
  private static final String BACKBONE = "backbone";
  private static final String JOINED = "joined";
  private static final String VOTES = "votes";
  private static final String IMAGE = "image";
  private static final String CHECKED = "checked";

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
      metadata.put(VOTES, text(example.votes()));
    }
    metadata.put("at", example.at().toString());
    if (example.joined() != null) {
      metadata.put(JOINED, example.joined().toString());
    }
    if (example.asked() != null) {
      metadata.put("asked", example.asked().text());
    }
    if (example.image() != null) {
      metadata.put(IMAGE, text(example.image()));
    }
    if (example.checked()) {
      metadata.put(CHECKED, "true");
    }
    metadata.put(BACKBONE, example.embedding().backbone());
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Embedding embedding : example.embeddings()) {
      float[] values = embedding.values();
      tensors.put(
          tensors.isEmpty() ? TENSOR : FURTHER + embedding.backbone(),
          Tensor.ofHalves(values, values.length));
    }
    return new SafeTensors(metadata, tensors).toBytes();
  }

  private static TrainingExample read(byte[] bytes) {
    SafeTensors blob = SafeTensors.parse(bytes);
    try {
      return new TrainingExample(
          blob.require("label"),
          blob.metadata().get("labeller"),
          Instant.parse(blob.require("at")),
          embeddings(blob),
          ReviewReason.parse(blob.metadata().get("asked")).orElse(null),
          votes(blob.metadata().get(VOTES)),
          Optional.ofNullable(blob.metadata().get(JOINED)).map(Instant::parse).orElse(null),
          Optional.ofNullable(blob.metadata().get(IMAGE))
              .map(json -> Json.read(utf8(json), ImagePlace.class).requireLimits())
              .orElse(null),
          Boolean.parseBoolean(blob.metadata().get(CHECKED)));
    } catch (DateTimeException e) {
      throw new MalformedRecordException("has no readable time: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(Object value) {
    return new String(Json.write(value), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Embedding> embeddings(SafeTensors blob) {
    List<Embedding> embeddings = new ArrayList<>();
    embeddings.add(embedding(blob.require(BACKBONE), blob.tensor(TENSOR)));
    blob.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(FURTHER)) {
                embeddings.add(embedding(name.substring(FURTHER.length()), tensor));
              }
            });
    return embeddings;
  }

  private static Embedding embedding(String backbone, Tensor tensor) {
    float[] values = tensor.toFloats();
    if (values.length == 0 || !allFinite(values)) {
      throw new MalformedRecordException(
          "has an embedding without numbers, or with one that is not finite");
    }
    return new Embedding(backbone, values);
  }

  private static List<Vote> votes(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    Vote[] votes = Json.read(utf8(json), Vote[].class);
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
