package io.afina.trainer;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.config.ConfigLoader;
import io.afina.demo.DrawnPictures;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.picture.PictureDecoder;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.fit.CentroidFitter;
import io.afina.trainer.fit.TrainedLayers;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Embeddings that the benches of the training share: computed once and kept in a folder, in a form
 * that NumPy reads too.
 *
 * @param known to train on
 * @param unseen to judge on
 * @param passSeconds what one pass of decoding and backbone over {@code known} took, where it was
 *     measured
 */
record BenchSets(String name, List<Sample> known, List<Sample> unseen, double passSeconds) {

  private static final float LIGHT = 0.2f;

  /** A picture's embedding and what it shows. */
  record Sample(String id, String label, float[] values) {}

  private record Pictured(String label, byte[] picture) {}

  private interface Embed {
    float[] apply(byte[] picture) throws Exception;
  }

  /**
   * Photographs and drawn pictures through a backbone.
   *
   * @param cache where embeddings are kept
   */
  static List<BenchSets> of(Path backbone, Path train, Path test, Path cache) throws Exception {
    return List.of(photographs(backbone, train, test, cache), drawn(backbone, cache));
  }

  /** Photographs through a backbone; their name is that of the folder in which {@code train} is. */
  static BenchSets photographs(Path backbone, Path train, Path test, Path cache) throws Exception {
    Path set = Objects.requireNonNull(train.toAbsolutePath().getParent()).getFileName();
    return cached(
        cache, name(backbone) + "-" + set, backbone, () -> folder(train), () -> folder(test));
  }

  /** Drawn pictures through a backbone. */
  static BenchSets drawn(Path backbone, Path cache) throws Exception {
    return cached(
        cache, name(backbone) + "-drawn", backbone, () -> drawn(1, 3068), () -> drawn(2, 1000));
  }

  /** The drawn pictures to judge on, as in a fifth of the light. */
  static BenchSets darkened(Path backbone, Path cache) throws Exception {
    return cached(
        cache,
        name(backbone) + "-darkened",
        backbone,
        () -> drawn(2, 100),
        () -> drawn(2, 1000).stream().map(BenchSets::darkened).toList());
  }

  private static Pictured darkened(Pictured picture) {
    try {
      BufferedImage bright = ImageIO.read(new ByteArrayInputStream(picture.picture()));
      BufferedImage dark = new RescaleOp(LIGHT, 0, null).filter(bright, null);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(dark, "jpg", out);
      return new Pictured(picture.label(), out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path backbone) {
    return backbone.getFileName().toString().replaceAll("\\..*", "");
  }

  /** The same with other samples to train on. */
  BenchSets trainedOn(String what, List<Sample> samples) {
    return new BenchSets(name + ", " + what, samples, unseen, 0);
  }

  /** The pictures that bear one of these labels. */
  BenchSets only(List<String> labels) {
    return trainedOn(
        labels.size() + " labels", known.stream().filter(s -> labels.contains(s.label())).toList());
  }

  Dataset dataset() {
    Dataset dataset = new Dataset();
    for (int n = 0; n < known.size(); n++) {
      Sample sample = known.get(n);
      dataset.apply(sample.id(), example(sample), n % 12, n);
    }
    return dataset;
  }

  static TrainingExample example(Sample sample) {
    return new TrainingExample(
        sample.label(), null, Instant.EPOCH, new Embedding("ab".repeat(32), sample.values()));
  }

  /** A head of layers that were just trained. */
  static Head head(ExampleSet all, TrainedLayers trained) {
    HeadCard card = Heads.card(1, all.backbone(), all.width(), all.labels().toArray(String[]::new));
    return new Head(card, trained.layers(), CentroidFitter.fit(all));
  }

  static double accuracy(Head head, List<Sample> unseen) {
    long correct =
        unseen.stream()
            .filter(s -> head.score(s.values()).top(1).get(0).label().equals(s.label()))
            .count();
    return (double) correct / unseen.size();
  }

  /** Rows, width, labels as numbers, then the floats; all little endian. */
  static void write(Path file, List<Sample> samples, List<String> labels) throws IOException {
    int width = samples.get(0).values().length;
    ByteBuffer buffer =
        ByteBuffer.allocate(8 + samples.size() * 4 * (1 + width)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(samples.size()).putInt(width);
    samples.forEach(sample -> buffer.putInt(labels.indexOf(sample.label())));
    for (Sample sample : samples) {
      for (float value : sample.values()) {
        buffer.putFloat(value);
      }
    }
    Files.write(file, buffer.array());
  }

  private interface Source {
    List<Pictured> read() throws IOException;
  }

  private static BenchSets cached(Path cache, String name, Path backbone, Source train, Source test)
      throws Exception {
    Path folder = Files.createDirectories(cache.resolve(name));
    Path labels = folder.resolve("labels");
    if (!Files.exists(labels)) {
      make(folder, backbone, train.read(), test.read());
    }
    List<String> lines = Files.readAllLines(labels);
    List<String> names = lines.subList(1, lines.size());
    return new BenchSets(
        name,
        read(folder.resolve("train"), names, "known"),
        read(folder.resolve("test"), names, "unseen"),
        Double.parseDouble(lines.get(0)));
  }

  private static void make(Path folder, Path backbone, List<Pictured> train, List<Pictured> test)
      throws Exception {
    List<String> names = train.stream().map(Pictured::label).distinct().sorted().toList();
    try (BackboneModel model =
            BackboneModel.load(new BackboneResolver().resolve(backbone.toString()), 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(
              ConfigLoader.defaults().load().pictures(), model.backbone().card().input());
      Embed embed = picture -> embedder.embed(decoder.decode(picture, null));
      write(folder.resolve("test"), embedded(test, embed), names);
      long start = System.nanoTime();
      List<Sample> known = embedded(train, embed);
      double seconds = (System.nanoTime() - start) / 1e9;
      write(folder.resolve("train"), known, names);
      List<String> lines = new ArrayList<>(List.of(Double.toString(seconds)));
      lines.addAll(names);
      Files.write(folder.resolve("labels"), lines);
    }
  }

  private static List<Sample> read(Path file, List<String> names, String prefix)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int rows = buffer.getInt();
    int width = buffer.getInt();
    int[] labels = new int[rows];
    for (int n = 0; n < rows; n++) {
      labels[n] = buffer.getInt();
    }
    List<Sample> samples = new ArrayList<>();
    for (int n = 0; n < rows; n++) {
      float[] values = new float[width];
      for (int i = 0; i < width; i++) {
        values[i] = buffer.getFloat();
      }
      samples.add(new Sample(prefix + "-" + n, names.get(labels[n]), values));
    }
    return samples;
  }

  private static List<Sample> embedded(List<Pictured> pictures, Embed embed) throws Exception {
    List<Sample> samples = new ArrayList<>();
    for (Pictured picture : pictures) {
      samples.add(new Sample("", picture.label(), embed.apply(picture.picture())));
    }
    return samples;
  }

  private static List<Pictured> folder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().map(BenchSets::pictured).toList();
    }
  }

  private static Pictured pictured(Path file) {
    try {
      return new Pictured(
          file.getName(file.getNameCount() - 2).toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Pictured> drawn(long seed, int count) {
    DrawnPictures drawing = new DrawnPictures(seed);
    return LongStream.range(0, count)
        .mapToObj(drawing::draw)
        .map(drawn -> new Pictured(drawn.label(), drawn.jpeg()))
        .toList();
  }

  /** Fills the cache: {@code CACHE TRAIN TEST BACKBONE…}. */
  public static void main(String[] args) throws Exception {
    for (int n = 3; n < args.length; n++) {
      of(Path.of(args[n]), Path.of(args[1]), Path.of(args[2]), Path.of(args[0]))
          .forEach(set -> System.out.printf("%s: %d%n", set.name(), set.known().size()));
    }
  }
}
