package io.afina.chaos;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.Embedder;
import io.afina.config.ConfigLoader;
import io.afina.demo.DrawnPicture;
import io.afina.demo.DrawnPictures;
import io.afina.event.UnusableRecordException;
import io.afina.picture.PictureDecoder;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * The pictures of a run, few and drawn, and the embedding of each: by it one can tell which picture
 * an example was made from.
 */
final class Pictures {

  /** Of each thing that can be drawn, four. */
  static final int COUNT = 40;

  /** Two runs of one backbone over one picture may differ in the last digits; pictures by more. */
  private static final double ALIKE = 0.9999;

  /** Small, so that there can be many. */
  private static final int SIDE = 64;

  private final List<String> labels;
  private final List<byte[]> jpegs;
  private final List<float[]> embeddings;

  Pictures() {
    DrawnPictures drawing = new DrawnPictures(1);
    List<DrawnPicture> drawn = IntStream.range(0, COUNT).mapToObj(drawing::draw).toList();
    labels = drawn.stream().map(DrawnPicture::label).toList();
    jpegs = drawn.stream().map(Pictures::small).toList();
    try (BackboneModel model = BackboneModel.load(new BackboneResolver().resolve(null), 1, "auto");
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(
              ConfigLoader.defaults().load().pictures(), model.backbone().card().input());
      embeddings = jpegs.stream().map(jpeg -> embed(decoder, embedder, jpeg)).toList();
    }
  }

  byte[] jpeg(int picture) {
    return jpegs.get(picture);
  }

  String label(int picture) {
    return labels.get(picture);
  }

  float[] embedding(int picture) {
    return embeddings.get(picture);
  }

  /** Which picture has this embedding; -1 for none. */
  int of(float[] embedding) {
    return IntStream.range(0, COUNT)
        .filter(picture -> cosine(embedding, embeddings.get(picture)) > ALIKE)
        .findFirst()
        .orElse(-1);
  }

  private static byte[] small(DrawnPicture picture) {
    try {
      BufferedImage whole = ImageIO.read(new ByteArrayInputStream(picture.jpeg()));
      BufferedImage small = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = small.createGraphics();
      graphics.drawImage(whole, 0, 0, SIDE, SIDE, null);
      graphics.dispose();
      ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
      ImageIO.write(small, "jpeg", jpeg);
      return jpeg.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] embed(PictureDecoder decoder, Embedder embedder, byte[] jpeg) {
    try {
      return embedder.embed(decoder.decode(jpeg, null));
    } catch (UnusableRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return dot / Math.sqrt(ones * others);
  }
}
