package io.afina.backbone.pool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.backbone.Backbone;
import io.afina.backbone.PictureEmbedder.Embedded;
import io.afina.backbone.card.BackboneCard;
import io.afina.backbone.card.BackboneEngine;
import io.afina.backbone.card.EmbeddingOutput;
import io.afina.event.Embedding;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Backbones without an engine: an address is the first two digits of an id, and a picture its
 * embedding as text.
 */
public final class FakeBackbones {

  private static final PictureInput INPUT =
      new PictureInput(new ResizeRule(1, 1), new float[] {0, 0, 0}, new float[] {1, 1, 1});

  /** The last embeddings that each is asked for while it is closed: an engine would crash. */
  private final AtomicInteger crashes = new AtomicInteger();

  private final Map<String, RuntimeException> broken = new ConcurrentHashMap<>();
  private final Map<String, String> files = new ConcurrentHashMap<>();

  /** The id of the backbone at an address. */
  public static String id(String address) {
    return address.repeat(32);
  }

  /** A pool in which one answers. */
  public BackbonePool pool(String first) {
    return new BackbonePool(this::load, first, Duration.ofMillis(20));
  }

  /** Lets an address fail from here on, or work again. */
  public void breaks(String address, @Nullable RuntimeException why) {
    if (why == null) {
      broken.remove(address);
    } else {
      broken.put(address, why);
    }
  }

  /** Puts another backbone where one is expected. */
  void replace(String address, String other) {
    files.put(address, other);
  }

  /** How often a closed backbone was used. */
  public int crashes() {
    return crashes.get();
  }

  private LoadedBackbone load(@Nullable String address) {
    String at = String.valueOf(address);
    RuntimeException why = broken.get(at);
    if (why != null) {
      throw why;
    }
    String id = id(files.getOrDefault(at, at));
    var released = new AtomicInteger();
    return new LoadedBackbone(
        at,
        new Backbone(
            Path.of(at + ".onnx"),
            new BackboneCard(
                at, BackboneEngine.ONNX_RUNTIME, "none", INPUT, EmbeddingOutput.VECTOR, 2, id),
            id),
        (picture, type) -> {
          Embedded embedded = new Embedded(new Embedding(id, numbers(picture)), 0, 0);
          crashes.addAndGet(released.get());
          return embedded;
        },
        new CompletableFuture<>(),
        released::incrementAndGet);
  }

  private static float[] numbers(byte[] picture) {
    String[] text = new String(picture, UTF_8).split(" ", 2);
    return new float[] {Float.parseFloat(text[0]), Float.parseFloat(text[1])};
  }
}
