package io.afina.trainer.fit;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.afina.backbone.EngineDevice;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.layer.Layer;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.doubt.LabelDoubt;
import io.afina.trainer.doubt.LabelDoubts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the layers of heads, of every form. For one thread. */
public final class HeadTraining {

  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);

  private static final String ENGINE = "PyTorch";

  private final int hidden;
  private final long seed;
  private final Device device;
  private @Nullable ResidentEmbeddings resident;

  /**
   * A training that has no examples yet.
   *
   * @param hidden width of the hidden layer, where the form has one; 0 for no such form
   * @param seed of the initial weights and of the orders of examples
   */
  public HeadTraining(int hidden, long seed, Device device) {
    this.hidden = hidden;
    this.seed = seed;
    this.device = device;
  }

  /** On the processor. */
  public HeadTraining(int hidden, long seed) {
    this(hidden, seed, Device.cpu());
  }

  /**
   * Trains on two examples by every form that there is, without a warm start and with one: loading
   * the engine and its first steps take seconds.
   */
  public void warmUp() {
    Dataset dataset = new Dataset();
    for (int n = 0; n < 2; n++) {
      Embedding embedding = new Embedding("", new float[] {n});
      dataset.apply(
          "id-" + n, new TrainingExample("label " + n, null, Instant.EPOCH, embedding), 0, n);
    }
    ExampleSet tiny = dataset.examples(1).orElseThrow();
    for (Form form : Form.values()) {
      if (form == Form.HIDDEN && hidden == 0) {
        continue;
      }
      HeadRecipe recipe = new HeadRecipe(form, 1, 0);
      TrainedLayers trained = train(recipe, tiny, Optional.empty(), Optional.empty());
      WarmStart start = new WarmStart(tiny.backbone(), tiny.labels(), trained.layers());
      train(recipe, tiny, Optional.of(start), Optional.of(tiny));
    }
    LOG.atInfo().addKeyValue("device", EngineDevice.word(device)).log("training is ready");
  }

  /**
   * Which recipes may take part in a race on these examples, the simplest first.
   *
   * @param fixed the form that a user has chosen; then its strengths alone
   */
  public List<HeadRecipe> recipes(ExampleSet examples, Optional<Form> fixed) {
    return new Recipes(examples, hidden).all(fixed);
  }

  /**
   * Trains on exactly these examples, none of them held back; the same examples and seed give the
   * same layers on a processor.
   *
   * @param warmStart the initial weights; those of another form or backbone are not used
   * @param selection where the form stops early, examples that choose the epoch and are not trained
   *     on
   */
  public TrainedLayers train(
      HeadRecipe recipe,
      ExampleSet examples,
      Optional<WarmStart> warmStart,
      Optional<ExampleSet> selection) {
    try (FormTraining.Fit fit = open(recipe.form(), examples, warmStart, selection)) {
      return fit.train(recipe);
    }
  }

  /**
   * A recipe that minds single examples more: the same form with the next strength; empty where
   * there is none, or it would be more than a default.
   */
  public static Optional<HeadRecipe> stronger(HeadRecipe recipe) {
    return Recipes.stronger(recipe);
  }

  FormTraining.Fit open(
      Form form,
      ExampleSet examples,
      Optional<WarmStart> warmStart,
      Optional<ExampleSet> selection) {
    return form(form)
        .open(
            examples,
            warmStart.filter(start -> start.backbone().equals(examples.backbone())),
            selection);
  }

  /** The logits of all examples, computed by the engine. */
  float[][] logits(List<Layer> layers, ExampleSet examples) {
    ResidentEmbeddings embeddings = resident();
    try (NDManager mine = embeddings.manager().newSubManager();
        ExampleBatches batches = new ExampleBatches(mine, embeddings, examples)) {
      return LayerOutputs.rows(batches, LayerOutputs.function(mine, layers));
    }
  }

  /** How much the label of each example looks wrong to the others; at least two labels. */
  public List<LabelDoubt> doubts(ExampleSet examples) {
    ResidentEmbeddings embeddings = resident();
    try (NDManager mine = embeddings.manager().newSubManager()) {
      int[] rows = IntStream.range(0, examples.size()).toArray();
      NDArray single = embeddings.rows(mine, examples, rows).toType(DataType.FLOAT32, true);
      return new LabelDoubts(mine, single, examples.targets(), examples.counts()).all();
    }
  }

  private FormTraining form(Form form) {
    ResidentEmbeddings embeddings = resident();
    return switch (form) {
      case MEANS -> new MeansTraining(embeddings.manager().getDevice());
      case DENSE -> new DenseTraining(embeddings.manager(), embeddings);
      case KERNEL -> new KernelTraining(embeddings.manager(), embeddings);
      case HIDDEN -> new HiddenTraining(Engine.getEngine(ENGINE), embeddings, hidden, seed);
    };
  }

  private ResidentEmbeddings resident() {
    ResidentEmbeddings current = resident;
    if (current == null) {
      Engine engine = Engine.getEngine(ENGINE);
      current = new ResidentEmbeddings(engine.newBaseManager(device), device.isGpu());
      resident = current;
    }
    return current;
  }
}
