package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.picture.tensor.PictureTensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter in whole numbers beside the same filter in double precision. */
class ResamplerTest {

  @ParameterizedTest
  @CsvSource({"500, 375, 256, 224", "256, 256, 256, 224", "900, 1300, 64, 56", "20, 15, 40, 32"})
  void shouldBeWithinAStepOfTheExactResult(int width, int height, int shorter, int crop) {
    int[][] picture = picture(width, height);
    PictureTensor tensor = new PictureTensor(Inputs.plain(shorter, crop));
    new Resampler(Inputs.plain(shorter, crop))
        .resample(new Drawing(picture), Orientation.UPRIGHT, tensor.numbers());
    double most = 0;
    for (int i = 0; i < 400; i++) {
      int x = i % 20 * (crop - 1) / 19;
      int y = i / 20 * (crop - 1) / 19;
      for (int c = 0; c < 3; c++) {
        double given = 255 * tensor.numbers().get((c * crop + y) * crop + x);
        most = Math.max(most, Math.abs(given - exact(picture, c, x, y, shorter, crop)));
      }
    }
    assertThat(most).isLessThan(1);
  }

  private record Drawing(int[][] pixels) implements PixelRows {

    @Override
    public int width() {
      return pixels[0].length;
    }

    @Override
    public int height() {
      return pixels.length;
    }

    @Override
    public void copy(int row, int from, int count, int[] into) {
      System.arraycopy(pixels[row], from, into, 0, count);
    }
  }

  /** Soft shapes with some noise, as photographs have them. */
  private static int[][] picture(int width, int height) {
    Random random = new Random(17);
    int[][] picture = new int[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 4; c++) {
          double soft = 127 + 100 * Math.sin((x + 2 * y) / (9.0 + 5 * c));
          int value = (int) Math.max(0, Math.min(255, soft + random.nextInt(40) - 20));
          picture[y][x] |= value << (24 - 8 * c);
        }
      }
    }
    return picture;
  }

  private static double exact(int[][] picture, int colour, int x, int y, int shorter, int crop) {
    int height = picture.length;
    int width = picture[0].length;
    double[] across = weights(width, height, x, shorter, crop);
    double[] down = weights(height, width, y, shorter, crop);
    double sum = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; down[row] > 0 && column < width; column++) {
        int value = (picture[row][column] >>> (24 - 8 * colour)) & 0xff;
        sum += down[row] * across[column] * value;
      }
    }
    return sum;
  }

  private static double[] weights(int length, int other, int at, int shorter, int crop) {
    long resized = length <= other ? shorter : Math.round((double) shorter * length / other);
    double scale = (double) length / resized;
    double center = ((resized - crop) / 2 + at + 0.5) * scale;
    double[] weights = new double[length];
    double sum = 0;
    for (int i = 0; i < length; i++) {
      weights[i] = Math.max(0, 1 - Math.abs(i + 0.5 - center) / Math.max(scale, 1));
      sum += weights[i];
    }
    for (int i = 0; i < length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }
}
