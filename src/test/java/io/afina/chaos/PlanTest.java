package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.Plan.Send;
import io.afina.chaos.check.Expected;
import io.afina.chaos.check.Expected.Joined;
import io.afina.chaos.check.Expected.Predicted;
import io.afina.chaos.check.Expected.SetAside;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static final int PICTURES = 10;
  private static final int STEPS = 3000;

  private final Plan plan =
      new Plan(7, PICTURES, picture -> new byte[60], picture -> "label-" + picture);

  @Test
  void shouldKnowEveryRecordByItsNumber() {
    for (Send send : sends()) {
      assertThat(plan.send(send.number()).key()).isEqualTo(send.key());
      assertThat(plan.send(send.number()).value()).isEqualTo(send.value());
      assertThat(plan.expected(send.number())).isEqualTo(send.expected());
    }
  }

  @Test
  void shouldGiveNoNumberTwice() {
    assertThat(sends()).extracting(Send::number).doesNotHaveDuplicates();
  }

  @Test
  void shouldHaveEveryKindOfRecordAndEveryReason() {
    List<Expected> expected = sends().stream().map(Send::expected).toList();
    assertThat(expected).hasAtLeastOneElementOfType(Predicted.class);
    assertThat(expected).hasAtLeastOneElementOfType(Joined.class);
    assertThat(expected.stream().filter(SetAside.class::isInstance).distinct()).hasSize(8);
    assertThat(sends())
        .anyMatch(send -> send.topic().equals(TOPICS.corrections().name()) && send.value() == null);
  }

  @Test
  void shouldDrawAnotherPlanFromAnotherSeed() {
    Plan other = new Plan(8, PICTURES, picture -> new byte[60], picture -> "label-" + picture);
    assertThat(LongStream.range(0, STEPS).mapToObj(other::expected).toList())
        .isNotEqualTo(LongStream.range(0, STEPS).mapToObj(plan::expected).toList());
  }

  @Test
  void shouldFloodWithPoisonOnly() {
    for (int i = 0; i < 100; i++) {
      assertThat(plan.expected(Plan.FLOOD + i)).isInstanceOf(SetAside.class);
    }
  }

  private List<Send> sends() {
    return LongStream.range(0, STEPS).boxed().flatMap(n -> plan.step(n).stream()).toList();
  }
}
