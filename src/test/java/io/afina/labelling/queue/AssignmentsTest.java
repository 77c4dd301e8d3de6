package io.afina.labelling.queue;

import static io.afina.labelling.queue.ReviewQueueTest.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.config.InvalidConfigException;
import io.afina.config.LabellingConfig;
import io.afina.event.ReviewItem.ReviewReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is asked about what. */
class AssignmentsTest {

  private static final QueuedItem ANT = item(0, "a", ReviewReason.AUDIT, 1);

  @Test
  void shouldAskALabellerOnlyAboutTheLabelsOrTheShareThatAreAssigned() {
    // given: all are predicted to be ants
    Assignments assigned = assignments("mia: Ant, wasp", "ben: bee", "eva: 30%", "eva: bee");

    // then
    assertThat(assigned.allow("mia", ANT)).isTrue();
    assertThat(assigned.allow("ben", ANT)).isFalse();
    assertThat(assigned.allow("ada", ANT)).as("whom nothing names").isTrue();
    long share =
        IntStream.range(0, 1000)
            .filter(i -> assigned.allow("eva", item(i, "image-" + i, ReviewReason.AUDIT, 1)))
            .count();
    assertThat(share).isBetween(250L, 350L);
  }

  @Test
  void shouldLeaseOnlyWhatIsAssigned() {
    // given
    ReviewQueue queue =
        new ReviewQueue(
            5,
            assignments("ben: bee"),
            3,
            Duration.ofMinutes(2),
            UnaryOperator.identity(),
            Instant::now);
    queue.open(0);
    queue.offer(ANT, Set.of());

    // then
    assertThat(queue.lease("ben", "p", 5, Set.of()).items()).isEmpty();
    assertThat(queue.lease("ben", "p", 5, Set.of()).others()).isEqualTo(1);
    assertThat(queue.lease("mia", "p", 5, Set.of()).items()).containsExactly(ANT);
  }

  @Test
  void shouldAskTwoAboutAShareOfTheImages() {
    // given
    Assignments overlapping = new Assignments(1, 0.2, List.of());

    // then
    long two =
        IntStream.range(0, 1000).filter(i -> overlapping.labellers("image-" + i) == 2).count();
    assertThat(two).isBetween(150L, 250L);
    assertThat(new Assignments(3, 1, List.of()).labellers("a")).isEqualTo(3);
  }

  @Test
  void shouldRefuseWhatIsNoAssignment() {
    assertThatThrownBy(() -> assignments("mia"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("labelling.assignments");
    assertThatThrownBy(() -> assignments("mia: 120%")).hasMessageContaining("100%");
  }

  private static Assignments assignments(String... assigned) {
    LabellingConfig config =
        ConfigLoader.defaults()
            .set("labelling.assignments", String.join(";", assigned))
            .load()
            .labelling();
    return new Assignments(1, config.overlap(), config.assigned());
  }
}
