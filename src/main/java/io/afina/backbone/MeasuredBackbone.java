package io.afina.backbone;

import io.afina.backbone.card.BackboneCard;
import io.afina.backbone.card.BackboneEngine;
import io.afina.backbone.card.EmbeddingOutput;
import io.afina.backbone.card.HubCard;
import io.afina.backbone.card.Pooling;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.PictureInput.Layout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the card of a network of which only a model hub's files speak: they say how pictures are
 * prepared, and the network is run once to see what it gives.
 */
public final class MeasuredBackbone {

  /** Outputs that are made for this, the best first. */
  private static final List<String> EMBEDDINGS =
      List.of("image_embeds", "embedding", "embeddings", "pooler_output");

  private static final String TOKENS = "last_hidden_state";

  /** Their pooler is not part of what was trained on pictures, but made up where it is missing. */
  private static final Set<String> WITHOUT_POOLER = Set.of("vit", "deit", "vit_mae", "vit_msn");

  private MeasuredBackbone() {}

  /**
   * Runs a network once.
   *
   * @throws AfinaException when it does not run, or several of its outputs could be the embedding
   */
  public static Backbone of(Path file, HubCard hub) {
    BackboneEngine engine = BackboneEngine.ofFile(file.toString());
    List<NamedOutput> outputs = BackboneModel.measureOutputs(file, engine, hub.input());
    NamedOutput chosen = choose(file, outputs, hub.family());
    EmbeddingOutput output =
        new EmbeddingOutput(
            outputs.size() == 1 ? null : chosen.name(), pooling(chosen.shape()), 0, false);
    int size = size(output, chosen.shape(), hub.input().layout());
    String id = Backbone.sha256(file);
    return new Backbone(
        file,
        new BackboneCard(hub.name(), engine, hub.licence(), hub.input(), output, size, id),
        id);
  }

  private static NamedOutput choose(Path file, List<NamedOutput> outputs, String family) {
    if (outputs.size() == 1) {
      return outputs.get(0);
    }
    Optional<NamedOutput> tokens = named(outputs, TOKENS);
    return EMBEDDINGS.stream()
        .filter(
            name ->
                !WITHOUT_POOLER.contains(family) || tokens.isEmpty() || !name.startsWith("pooler"))
        .flatMap(name -> named(outputs, name).stream())
        .findFirst()
        .or(() -> tokens)
        .orElseThrow(
            () ->
                new AfinaException(
                    ExitCode.BACKBONE,
                    "the backbone %s gives %s, and which of them is the embedding nothing says: write a card as src/docs/backbones.md shows, with output.name"
                        .formatted(file, outputs)));
  }

  private static Optional<NamedOutput> named(List<NamedOutput> outputs, String name) {
    return outputs.stream().filter(output -> output.name().equals(name)).findFirst();
  }

  /** Tokens that fill a square are those of its places alone; one more is a CLS token. */
  private static Pooling pooling(long[] shape) {
    if (Arrays.stream(shape).filter(length -> length > 1).count() <= 1) {
      return Pooling.VECTOR;
    }
    if (shape.length != 3) {
      return Pooling.MEAN;
    }
    long side = Math.round(Math.sqrt((double) shape[1]));
    return side * side == shape[1] ? Pooling.MEAN : Pooling.CLS;
  }

  private static int size(EmbeddingOutput output, long[] shape, Layout layout) {
    long numbers = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    return output
        .embeddings(new float[Math.toIntExact(numbers)], shape, layout == Layout.NHWC)[0]
        .length;
  }
}
