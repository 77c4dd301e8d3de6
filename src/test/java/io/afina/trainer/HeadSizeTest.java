package io.afina.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Centroids;
import io.afina.model.Head;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Heads;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Layer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadSizeTest {

  @Test
  void shouldBeNoLessThanTheFile() {
    for (int hidden : List.of(0, 64)) {
      // given
      List<String> labels = labels(2_000);
      HeadSize size = new HeadSize(1_280, hidden > 0 ? Form.HIDDEN : Form.DENSE, hidden, labels);

      // when
      int file = Heads.file(head(size)).length;

      // then
      assertThat(size.bytes()).isBetween((long) file, file + 3_000_000L);
    }
  }

  @Test
  void shouldSayWhichSettingMakesItSmallEnough() {
    assertThat(new HeadSize(1_280, Form.DENSE, 1024, labels(10_000)).tooLarge())
        .contains(
            "a head of 10000 labels, 1280 numbers and one layer would have 76 MB, and models takes 64 MB: set trainer.maxLabels=8321 at most");
    assertThat(new HeadSize(1_280, Form.DENSE, 1024, labels(8_321)).tooLarge()).isEmpty();
    assertThat(new HeadSize(1_280, Form.HIDDEN, 65_536, labels(1_000)).tooLarge())
        .hasValueSatisfying(why -> assertThat(why).contains("set trainer.hidden=6936 at most"));
    assertThat(new HeadSize(1_280, Form.HIDDEN, 6_936, labels(1_000)).tooLarge()).isEmpty();
  }

  private static Head head(HeadSize size) {
    int count = size.labels().size();
    int between = size.width() > 0 ? size.width() : size.inputs();
    Dense last = new Dense(between, count, new float[between * count], new float[count]);
    List<Layer> layers =
        size.width() == 0
            ? List.of(last)
            : List.of(
                new Dense(
                    size.inputs(), between, new float[size.inputs() * between], new float[between]),
                last);
    return new Head(
        Heads.card(1, Heads.BACKBONE, size.inputs(), size.labels().toArray(String[]::new)),
        layers,
        new Centroids(size.inputs(), new float[size.inputs() * count], new float[101]));
  }

  private static List<String> labels(int count) {
    return IntStream.range(0, count).mapToObj("label %d"::formatted).toList();
  }
}
