package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.chaos.check.Finding;
import io.afina.chaos.check.History;
import io.afina.chaos.check.HistoryBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static final Chaos.Settings SETTINGS =
      new Chaos.Settings(
          4, 3, 5, Duration.ZERO, 40, Duration.ofMinutes(1), Fault.all(), Mutation.NONE, Set.of());

  private final History history = new HistoryBuilder().image("a", 1).predicted("a", 0).build();

  @Test
  void shouldSayWhatWasStruckHowMuchWentThroughAndWhatWasFound() {
    // given
    Map<Fault, Integer> faults = Map.of(Fault.KILL, 3, Fault.CUT, 2);
    Finding finding = new Finding(Finding.Kind.LOST, "image event 0-1 has no outcome");

    // when
    String page =
        new Summary(
                SETTINGS,
                61.4,
                faults,
                List.of(new End("train-1", 84)),
                true,
                history,
                List.of(finding))
            .page();

    // then
    assertThat(page)
        .startsWith("# Chaos, seed 4")
        .contains("5 faults in 61 s over 3 brokers; 1 findings.")
        .contains("The full disk was left out")
        .contains("| KILL | 3 |", "| CUT | 2 |")
        .contains("| images | 1 |", "| predictions | 1 |", "| corrections | 0 |")
        .contains("| train-1, exit code 84 | 1 |")
        .contains("| LOST | 1 |", "- LOST: image event 0-1 has no outcome");
  }

  @Test
  void shouldNotSpeakOfFindingsWhereThereAreNone() {
    assertThat(new Summary(SETTINGS, 10, Map.of(), List.of(), false, history, List.of()).page())
        .contains("0 findings")
        .doesNotContain("| finding |", "left out", "ended by itself");
  }
}
