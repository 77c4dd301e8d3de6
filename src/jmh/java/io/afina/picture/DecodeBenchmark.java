package io.afina.picture;

import io.afina.picture.tensor.ResizeRule;
import io.afina.picture.tensor.PictureTensor;
import io.afina.picture.tensor.PictureInput;
import io.afina.config.ConfigLoader;
import io.afina.event.UnusableRecordException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A photograph from its bytes to the tensor of MobileNetV2: one after the other of a folder. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecodeBenchmark {

  private static final int SHORTER_SIDE = 256;
  private static final int SIDE = 224;
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};

  private final List<byte[]> photographs = new ArrayList<>();
  private final List<PixelRows> decoded = new ArrayList<>();
  private int next;
  private PictureDecoder decoder;
  private PictureDecoder portable;
  private NativeJpegDecoder jpeg;
  private Resampler resampler;
  private PictureTensor tensor;

  @Setup
  public void read() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("afina.photos")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList()) {
        photographs.add(Files.readAllBytes(file));
      }
    }
    var limits = ConfigLoader.defaults().load().pictures();
    var input = new PictureInput(new ResizeRule(SHORTER_SIDE, SIDE), MEAN, STD);
    decoder = new PictureDecoder(limits, input);
    portable = new PictureDecoder(limits, input, false);
    jpeg =
        new NativeJpegDecoder(
            new PixelLimit(limits.maxPixels()),
            DecoderMemory.of(limits).natively(),
            SHORTER_SIDE);
    resampler = new Resampler(input);
    tensor = new PictureTensor(input);
    for (byte[] photograph : photographs) {
      decoded.add(jpeg.decode(JpegSegments.of(photograph)).orElseThrow());
    }
    ImageIO.setUseCache(false);
  }

  @TearDown
  public void close() {
    decoded.forEach(PixelRows::close);
  }

  @Benchmark
  public PictureTensor afina() throws UnusableRecordException {
    return decoder.decodeToTensor(photograph(), null);
  }

  @Benchmark
  public PictureTensor afinaWithoutNative() throws UnusableRecordException {
    return portable.decodeToTensor(photograph(), null);
  }

  /** What most people write. It does not weigh all pixels, and is the less right for it. */
  @Benchmark
  public float[] imageIo() throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(photograph()));
    double scale = (double) SHORTER_SIDE / Math.min(image.getWidth(), image.getHeight());
    int width = (int) Math.round(image.getWidth() * scale);
    int height = (int) Math.round(image.getHeight() * scale);
    BufferedImage square = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = square.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, (SIDE - width) / 2, (SIDE - height) / 2, width, height, null);
    graphics.dispose();
    return normalised(((DataBufferInt) square.getRaster().getDataBuffer()).getData());
  }

  /** The decoder alone. */
  @Benchmark
  public int nativeJpegAlone() throws UnusableRecordException {
    try (PixelRows rows = jpeg.decode(JpegSegments.of(photograph())).orElseThrow()) {
      return rows.width();
    }
  }

  /** From pixels to the tensor: resize, crop, turn, normalise. */
  @Benchmark
  public PictureTensor resampleAlone() {
    resampler.resample(
        decoded.get(next++ % decoded.size()), Orientation.UPRIGHT, tensor.numbers());
    return tensor;
  }

  private byte[] photograph() {
    return photographs.get(next++ % photographs.size());
  }

  private static float[] normalised(int[] pixels) {
    float[] numbers = new float[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      for (int c = 0; c < 3; c++) {
        int colour = (pixels[i] >> (16 - 8 * c)) & 0xff;
        numbers[c * pixels.length + i] = (colour / 255f - MEAN[c]) / STD[c];
      }
    }
    return numbers;
  }
}
