package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Prediction.Score;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExamplesCommandTest {

  @Test
  void shouldListWhatLooksWrongWithWhoSaidItAndWhatIsLikelier() {
    Suspect suspect =
        new Suspect(
            "image-7",
            0,
            7,
            "ant",
            List.of("mia"),
            Instant.EPOCH,
            0.97,
            List.of(new Score("bee", 0.9)),
            new Place(0, 1),
            List.of());
    assertThat(
            ExamplesCommand.table(
                new Suspects("ab".repeat(32), 90, 1, Instant.EPOCH, List.of(suspect))))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("1 of 90 examples look wrong"),
            line -> assertThat(line).contains("doubt", "label", "likelier", "by", "image"),
            line -> assertThat(line).contains("0.970", "ant", "bee", "mia", "image-7"));
  }
}
