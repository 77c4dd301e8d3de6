package io.afina.demo;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Draws an endless series of labelled pictures, so that a first run needs neither a network nor
 * photographs. A picture depends on the seed and its index alone; any thread may draw any of them.
 */
public final class DrawnPictures {

  private final long seed;

  public DrawnPictures(long seed) {
    this.seed = new SplittableRandom(seed).nextLong();
  }

  public static List<String> labels() {
    return Motif.ALL.stream().map(Motif::label).toList();
  }

  /**
   * Draws the picture of an index. As many in a row as there are labels, from a multiple of that
   * number on, show each label once.
   */
  public DrawnPicture draw(long index) {
    Motif motif = motif(index);
    RandomGenerator random = new SplittableRandom(seed + index);
    BufferedImage picture = Scene.of(motif, random);
    byte[] jpeg = encode(picture, random.nextFloat(0.5f, 0.95f));
    return new DrawnPicture("drawn-%08x-%06d".formatted((int) seed, index), motif.label(), jpeg);
  }

  private Motif motif(long index) {
    int labels = Motif.ALL.size();
    List<Motif> order = new ArrayList<>(Motif.ALL);
    long round = Math.floorDiv(index, labels);
    Collections.shuffle(order, new Random(new SplittableRandom(~seed + round).nextLong()));
    return order.get(Math.floorMod(index, labels));
  }

  private static byte[] encode(BufferedImage picture, float quality) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
