package io.afina.backbone;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.translate.Translator;
import io.afina.backbone.card.BackboneEngine;
import io.afina.backbone.card.UnfitOutputException;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Loads a backbone into memory. It is loaded once and shared: each thread takes an {@link Embedder}
 * of its own. Close it after the last of them, since its weights are native memory.
 */
public final class BackboneModel implements AutoCloseable {

  /**
   * What DJL's PyTorch engine reads when it starts, also beside ONNX Runtime, which it lends its
   * tensor operations to; it has no other way to be told.
   */
  private static final String PYTORCH_THREADS = "ai.djl.pytorch.num_threads";

  private final Backbone backbone;
  private final Model model;

  private BackboneModel(Backbone backbone, Model model) {
    this.backbone = backbone;
    this.model = model;
  }

  /**
   * Loads a backbone on a device, and runs it once.
   *
   * @param engineThreads threads for one prediction; PyTorch counts for the whole process, and
   *     keeps what it was first started with
   * @param device {@code auto} for a GPU if the engine has one, {@code cpu}, or a GPU by its
   *     number, such as {@code gpu:0}
   * @throws AfinaException when the device is missing, the file is damaged, or does not give what
   *     its card says
   */
  public static BackboneModel load(Backbone backbone, int engineThreads, String device) {
    BackboneModel loaded =
        new BackboneModel(
            backbone, open(backbone.file(), backbone.card().engine(), engineThreads, device));
    try {
      loaded.requireEmbeddingSize(backbone.card().embeddingSize());
      if (backbone.card().engine() == BackboneEngine.ONNX_RUNTIME && !loaded.isOnGpu()) {
        OnnxRuntimeFiles.delete();
      }
      return loaded;
    } catch (RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  /** What a file that has no card gives for a picture. */
  static List<NamedOutput> measureOutputs(Path file, BackboneEngine engine, PictureInput input) {
    try (Model model = open(file, engine, 1, EngineDevice.AUTO)) {
      return run(file, model, new OutputsTranslator(input), input);
    }
  }

  /** An embedder for one thread, which closes it. */
  public Embedder newEmbedder() {
    return new Embedder(backbone, model.newPredictor(translator(backbone)));
  }

  private static PictureTranslator translator(Backbone backbone) {
    return new PictureTranslator(backbone.card().input(), backbone.card().output());
  }

  public Backbone backbone() {
    return backbone;
  }

  /** The device that it runs on, such as {@code cpu} or {@code gpu:0}. */
  public String device() {
    return EngineDevice.word(model.getNDManager().getDevice());
  }

  /** For a GPU, ONNX Runtime unpacks more with every model. */
  private boolean isOnGpu() {
    return model.getNDManager().getDevice().isGpu();
  }

  @Override
  public void close() {
    model.close();
  }

  private void requireEmbeddingSize(int promised) {
    PictureInput input = backbone.card().input();
    int given = run(backbone.file(), model, translator(backbone), input)[0].length;
    if (given != promised) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "the backbone %s gives %d numbers and its card says %d: correct the card's embeddingSize, or take the file that belongs to it"
              .formatted(backbone.file(), given, promised));
    }
  }

  private static <T> T run(
      Path file, Model model, Translator<PictureBatch, T> translator, PictureInput input) {
    try (var predictor = model.newPredictor(translator)) {
      return predictor.predict(PictureBatch.of(new PictureTensor(input)));
    } catch (Exception e) {
      if (e.getCause() instanceof UnfitOutputException unfit) {
        throw new AfinaException(
            ExitCode.BACKBONE,
            "the backbone %s does not fit its card: %s".formatted(file, unfit.getMessage()),
            e);
      }
      throw new AfinaException(
          ExitCode.BACKBONE,
          "the backbone %s cannot run on a picture of %d x %d (%s): correct its card, or export it so that it takes float32%s with any N, and nothing else"
              .formatted(
                  file,
                  input.side(),
                  input.side(),
                  EngineLibraries.firstLine(e),
                  Arrays.toString(input.shape(1)).replaceFirst("1", "N")),
          e);
    }
  }

  private static Model open(Path file, BackboneEngine engine, int threads, String device) {
    Model model = newModel(file, engine, threads, device);
    try (EngineOptions options = EngineOptions.of(engine, threads)) {
      model.load(
          file.toAbsolutePath().getParent(), file.getFileName().toString(), options.values());
      return model;
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new AfinaException(
          ExitCode.BACKBONE,
          "%s cannot load the backbone %s (%s): it is damaged or of a newer form; fetch or export it again"
              .formatted(engine.djlName(), file, EngineLibraries.firstLine(e)),
          e);
    }
  }

  private static Model newModel(Path file, BackboneEngine engine, int threads, String device) {
    if (System.getProperty(PYTORCH_THREADS) == null) {
      System.setProperty(PYTORCH_THREADS, Integer.toString(threads));
    }
    return Model.newInstance(
        file.getFileName().toString(),
        EngineDevice.of(engine, "backbone.device", device),
        engine.djlName());
  }
}
