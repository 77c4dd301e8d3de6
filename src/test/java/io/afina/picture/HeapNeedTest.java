package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.afina.event.UnusableRecordException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted of a picture before it is decoded, beside what decoding it takes. */
class HeapNeedTest {

  private static final PixelLimit ALL = new PixelLimit(Long.MAX_VALUE);
  private static final long PLENTY = 4_000_000_000L;
  private static final int LEAST_SIDE = 100;
  private static final int WIDTH = 1603;
  private static final int HEIGHT = 1201;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Those whose decoders make no garbage worth a word. */
  static Stream<Arguments> frugal() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (int depth : new int[] {1, 4, 8, 16}) {
      all.put("png, grey, " + depth, HostilePictures.png(WIDTH, HEIGHT, depth, 0, false));
      all.put(
          "png, grey, interlaced, " + depth, HostilePictures.png(WIDTH, HEIGHT, depth, 0, true));
    }
    for (int colours : new int[] {2, 4, 6}) {
      String name = "png, 16 bits, colour type " + colours;
      all.put(name, HostilePictures.png(WIDTH, HEIGHT, 16, colours, false));
      all.put(name + ", interlaced", HostilePictures.png(WIDTH, HEIGHT, 16, colours, true));
    }
    all.put("png, palette", HostilePictures.png(WIDTH, HEIGHT, 8, 3, true));
    all.put("png, wide", HostilePictures.png(400_000, 3, 16, 6, true));
    for (int bits : new int[] {1, 4, 8, 16, 24, 32}) {
      byte[] pixels = new byte[(HEIGHT * bits + 31) / 32 * 4 * HEIGHT];
      all.put("bmp, " + bits, HostilePictures.bmp(HEIGHT, bits, 0, pixels));
    }
    Map<String, byte[]> hostile = HostilePictures.all(HEIGHT);
    for (String name :
        new String[] {
          "bmp-8-run-lengths", "gif", "webp-lossless", "jpeg", "jpeg-cmyk", "jpeg-lossless-broken"
        }) {
      all.put(name, hostile.get(name));
    }
    all.putAll(tiffs());
    BufferedImage grey = Drawn.quarters(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    all.put("jpeg, grey", Drawn.jpeg(grey, false));
    all.put("webp, small", Drawn.fixture("quadrants-lossless.webp"));
    all.put("webp, small and transparent", Drawn.fixture("transparent.webp"));
    return all.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  private static Map<String, byte[]> tiffs() {
    Map<String, byte[]> all = new LinkedHashMap<>();
    for (int bits : new int[] {1, 4, 8, 16}) {
      all.put("tiff, grey, " + bits, Tiffs.of(Tiffs.GREY, WIDTH, HEIGHT, bits));
    }
    all.put("tiff, rgb, 8", Tiffs.of(Tiffs.RGB, WIDTH, HEIGHT, 8));
    all.put("tiff, rgb, 16", Tiffs.of(Tiffs.RGB, WIDTH, HEIGHT, 16));
    all.put("tiff, rgb, planes", Tiffs.of(Tiffs.RGB, WIDTH, HEIGHT, 8, true));
    all.put("tiff, cmyk", Tiffs.of(Tiffs.CMYK, WIDTH, HEIGHT, 8));
    all.put("tiff, palette", Tiffs.of(Tiffs.PALETTE, WIDTH, HEIGHT, 8));
    return all;
  }

  /** Which compresses badly, so that it is read in many steps. */
  private static BufferedImage noise() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(17);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      image.setRGB(i % WIDTH, i / WIDTH, random.nextInt());
    }
    return image;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frugal")
  void shouldCountAtLeastWhatIsAllocated(String name, byte[] picture) throws Exception {
    for (long wanted : new long[] {PLENTY, 1}) {
      // given
      PictureFormat format = PictureFormat.of(picture).orElseThrow();
      MemoryBudget budget = new MemoryBudget("key", PLENTY, wanted, Duration.ofMinutes(1));
      ImageIoDecoder decoder =
          new ImageIoDecoder(format, ALL, new DecoderMemory(budget, budget), LEAST_SIDE);
      tryToDecode(decoder, picture);

      // when
      long before = THREADS.getCurrentThreadAllocatedBytes();
      tryToDecode(decoder, picture);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

      // then
      HeapNeed need = need(format, picture);
      assertThat(need.bytes(need.step(wanted, LEAST_SIDE)))
          .as(name)
          .isGreaterThanOrEqualTo(allocated);
    }
  }

  /** Those whose decoders make garbage of every row, every scan or every block. */
  static Stream<Arguments> wasteful() {
    return Stream.of(
        Arguments.of("png, 8 bits", HostilePictures.png(WIDTH, HEIGHT, 8, 2, false)),
        Arguments.of("png, transparent", HostilePictures.png(WIDTH, HEIGHT, 8, 6, true)),
        Arguments.of("png, high", HostilePictures.png(3, 400_000, 8, 2, false)),
        Arguments.of("jpeg, progressive", HostilePictures.jpeg(WIDTH, HEIGHT, 3, true)),
        Arguments.of("jpeg, progressive, cmyk", HostilePictures.jpeg(WIDTH, HEIGHT, 4, true)),
        Arguments.of("webp, lossy", HostileWebp.lossy(WIDTH, HEIGHT)),
        Arguments.of("tiff, lzw", Tiffs.encoded(noise(), "LZW")),
        Arguments.of("tiff, jpeg", Tiffs.encoded(Drawn.quarters(WIDTH, HEIGHT, 1), "JPEG")),
        Arguments.of("webp, lossy, wide", HostileWebp.lossy(16_000, 100)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wasteful")
  void shouldCountAtLeastWhatIsInUseAtOnce(String name, byte[] picture) throws Exception {
    PictureFormat format = PictureFormat.of(picture).orElseThrow();
    HeapNeed need = need(format, picture);
    for (int step : new int[] {1, need.step(1, LEAST_SIDE)}) {
      // given
      ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
      UseOfHeap use = new UseOfHeap(picture);
      reader.setInput(use, true, true);

      // when
      BufferedImage image = reader.read(0, ImageIoDecoder.every(step, reader, need));
      use.look();

      // then
      assertThat(image.getWidth()).isPositive();
      assertThat(use.looks).isGreaterThan(5);
      assertThat(need.bytes(step)).as(name).isGreaterThanOrEqualTo(use.most);
      reader.dispose();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCountAtLeastWhatTheNativeDecoderTakes(boolean progressive) throws Exception {
    // given
    Path reset = Path.of("/proc/self/clear_refs");
    Assumptions.assumeTrue(Files.isWritable(reset), "only Linux tells");
    // So large that its memory is the system's again after each decoding: malloc keeps what has
    // less than 32 MB.
    JpegSegments jpeg = JpegSegments.of(HostilePictures.jpeg(8000, 6000, 3, progressive));
    NativeJpegDecoder decoder = new NativeJpegDecoder(ALL, new MemoryBudget("key", PLENTY), 3000);
    decoder.decode(jpeg).orElseThrow().close();

    // when
    Files.writeString(reset, "5");
    long before = kilobytes("VmRSS:");
    decoder.decode(jpeg).orElseThrow().close();
    long taken = (kilobytes("VmHWM:") - before) * 1024;

    // then, with 4 MB that the JVM may have taken for itself meanwhile
    assertThat(NativeJpegDecoder.need(jpeg, 8000, 6000, 2) + 4_000_000)
        .isGreaterThanOrEqualTo(taken);
    assertThat(taken).isGreaterThan(4000 * 3000 * 4 / 2);
  }

  private static long kilobytes(String name) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static void tryToDecode(ImageIoDecoder decoder, byte[] picture) {
    try (PixelRows rows = decoder.read(MetadataStripper.strip(decoder.format(), picture))) {
      assertThat(rows.width()).isPositive();
    } catch (UnusableRecordException e) {
      assertThat(e.why()).isNotBlank();
    }
  }

  private static HeapNeed need(PictureFormat format, byte[] picture) throws Exception {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    reader.setInput(new EndingImageInputStream(picture), true, true);
    return HeapNeed.of(format, picture, reader.getWidth(0), reader.getHeight(0));
  }

  /** Looks often, while a picture is read, how much of the heap is in use. */
  private static final class UseOfHeap extends MemoryCacheImageInputStream {

    private final int step;
    private final long before;
    private long next;
    private long most;
    private int looks;

    UseOfHeap(byte[] file) {
      super(new ByteArrayInputStream(file));
      step = Math.max(1, file.length / 50);
      before = used();
    }

    @Override
    public int read() throws IOException {
      lookNow();
      return super.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      lookNow();
      return super.read(into, offset, length);
    }

    private void lookNow() {
      if (streamPos >= next) {
        next = streamPos + step;
        look();
      }
    }

    void look() {
      most = Math.max(most, used() - before);
      looks++;
    }

    private static long used() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }
}
