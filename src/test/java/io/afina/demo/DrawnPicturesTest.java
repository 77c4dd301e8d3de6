package io.afina.demo;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DrawnPicturesTest {

  private static final int LABELS = DrawnPictures.labels().size();

  private final DrawnPictures pictures = new DrawnPictures(42);

  @Test
  void shouldDrawTheSameForASeedAndAnIndex() {
    DrawnPicture once = pictures.draw(17);
    DrawnPicture again = new DrawnPictures(42).draw(17);

    assertThat(again).usingRecursiveComparison().isEqualTo(once);
  }

  @Test
  void shouldDrawTheSameFromManyThreads() {
    List<DrawnPicture> alone = LongStream.range(0, 40).mapToObj(pictures::draw).toList();
    List<DrawnPicture> together =
        LongStream.range(0, 40).parallel().mapToObj(pictures::draw).toList();

    assertThat(together).usingRecursiveComparison().isEqualTo(alone);
  }

  @Test
  void shouldDrawOtherPicturesForAnotherSeed() {
    DrawnPictures others = new DrawnPictures(43);

    assertThat(draw(0, 20).stream().map(DrawnPicture::id))
        .doesNotContainAnyElementsOf(
            LongStream.range(0, 20).mapToObj(others::draw).map(DrawnPicture::id).toList());
    assertThat(others.draw(3).jpeg()).isNotEqualTo(pictures.draw(3).jpeg());
    assertThat(others.draw(3).jpeg()).isNotEqualTo(pictures.draw(4).jpeg());
  }

  @Test
  void shouldShowEachLabelOnceARoundInAnotherOrder() {
    List<String> first = draw(0, LABELS).stream().map(DrawnPicture::label).toList();
    List<String> second = draw(LABELS, 2L * LABELS).stream().map(DrawnPicture::label).toList();

    assertThat(first).containsExactlyInAnyOrderElementsOf(DrawnPictures.labels());
    assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
  }

  @Test
  void shouldNameAtLeastTenLabelsAndGiveEveryPictureItsOwnId() {
    assertThat(DrawnPictures.labels()).hasSizeGreaterThanOrEqualTo(10).doesNotHaveDuplicates();
    assertThat(draw(0, 200)).extracting(DrawnPicture::id).doesNotHaveDuplicates();
  }

  @Test
  void shouldDrawDecodablePicturesOfManySizes() {
    List<BufferedImage> decoded = draw(0, 100).stream().map(DrawnPicturesTest::decode).toList();

    assertThat(decoded)
        .allSatisfy(
            picture -> {
              assertThat(picture.getWidth()).isBetween(240, 400);
              assertThat(picture.getHeight()).isBetween(160, 320);
            });
    assertThat(decoded.stream().map(BufferedImage::getWidth).distinct().count()).isGreaterThan(30);
    assertThat(decoded.stream().map(BufferedImage::getHeight).distinct().count()).isGreaterThan(30);
  }

  @Test
  void shouldDrawTheSameThingInManyWays() {
    Map<String, List<int[]>> thumbnails =
        draw(0, 6L * LABELS).stream()
            .collect(
                groupingBy(
                    DrawnPicture::label, mapping(picture -> colours(picture, 32), toList())));

    assertThat(thumbnails)
        .allSatisfy(
            (label, ofLabel) -> {
              for (int i = 1; i < ofLabel.size(); i++) {
                assertThat(meanDifference(ofLabel.get(i - 1), ofLabel.get(i))).isGreaterThan(15);
              }
            });
  }

  @Test
  void shouldNotGiveTheLabelAwayByColour() {
    Map<String, List<DrawnPicture>> examples =
        draw(0, 20L * LABELS).stream().collect(groupingBy(DrawnPicture::label));
    Map<String, double[]> means =
        examples.entrySet().stream()
            .collect(toMap(Map.Entry::getKey, entry -> meanColour(entry.getValue())));

    List<DrawnPicture> fresh = draw(20L * LABELS, 40L * LABELS);
    long right =
        fresh.stream()
            .filter(picture -> nearest(means, meanColour(List.of(picture))).equals(picture.label()))
            .count();

    assertThat((double) right / fresh.size()).isLessThan(0.35);
  }

  private List<DrawnPicture> draw(long from, long to) {
    return LongStream.range(from, to).mapToObj(pictures::draw).toList();
  }

  private static String nearest(Map<String, double[]> means, double[] colour) {
    return means.entrySet().stream()
        .min(
            Comparator.comparingDouble(
                (Map.Entry<String, double[]> mean) -> squaredDistance(mean.getValue(), colour)))
        .orElseThrow()
        .getKey();
  }

  private static double squaredDistance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return sum;
  }

  private static double[] meanColour(List<DrawnPicture> pictures) {
    double[] mean = new double[3];
    for (DrawnPicture picture : pictures) {
      int[] colours = colours(picture, 16);
      for (int i = 0; i < colours.length; i++) {
        mean[i % 3] += 3.0 * colours[i] / colours.length / pictures.size();
      }
    }
    return mean;
  }

  private static double meanDifference(int[] one, int[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]);
    }
    return sum / one.length;
  }

  /** Red, green, blue of the pixels of a thumbnail. */
  private static int[] colours(DrawnPicture picture, int side) {
    BufferedImage thumbnail = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = thumbnail.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.drawImage(decode(picture), 0, 0, side, side, null);
    canvas.dispose();
    return Arrays.stream(thumbnail.getRGB(0, 0, side, side, null, 0, side))
        .flatMap(rgb -> Arrays.stream(new int[] {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff}))
        .toArray();
  }

  private static BufferedImage decode(DrawnPicture picture) {
    try {
      return ImageIO.read(new ByteArrayInputStream(picture.jpeg()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
