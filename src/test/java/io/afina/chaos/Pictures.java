package io.afina.chaos;

import io.afina.cli.drawing.DrawnPicture;
import io.afina.cli.drawing.DrawnPictures;
import io.afina.config.ConfigLoader;
import io.afina.inference.BackboneModel;
import io.afina.inference.Backbones;
import io.afina.inference.Embedder;
import io.afina.inference.PictureDecoder;
import io.afina.inference.UnusablePictureException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pictures of a run, few and drawn, and the embedding of each: by it one can tell which picture
 * an example was made from.
 */
final class Pictures {

  /** Of each thing that can be drawn, four. */
  static final int COUNT = 40;

  /** Two runs of one backbone over one picture may differ in the last digits; pictures by more. */
  private static final double ALIKE = 0.9999;

  private final List<DrawnPicture> pictures;
  private final List<float[]> embeddings;

  Pictures() {
    DrawnPictures drawing = new DrawnPictures(1);
    pictures = IntStream.range(0, COUNT).mapToObj(drawing::draw).toList();
    try (BackboneModel model = BackboneModel.load(new Backbones().resolve(null), 1);
        Embedder embedder = model.newEmbedder()) {
      PictureDecoder decoder =
          new PictureDecoder(ConfigLoader.defaults().load().pictures(), model.backbone().card());
      embeddings = pictures.stream().map(picture -> embed(decoder, embedder, picture)).toList();
    }
  }

  byte[] jpeg(int picture) {
    return pictures.get(picture).jpeg();
  }

  String label(int picture) {
    return pictures.get(picture).label();
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

  private static float[] embed(PictureDecoder decoder, Embedder embedder, DrawnPicture picture) {
    try {
      return embedder.embed(decoder.decode(picture.jpeg(), null));
    } catch (UnusablePictureException e) {
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
