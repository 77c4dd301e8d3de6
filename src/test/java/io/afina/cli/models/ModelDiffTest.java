package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelDiffTest {

  @Test
  void shouldSayWhatIsDifferentAndNothingElse() {
    List<String> lines =
        ModelDiffCommand.lines(card(1, 100, 0.8, "ant", "bee"), card(2, 130, 0.9, "bee", "cat"));

    assertThat(lines).anyMatch(line -> line.matches("examples +100 +130"));
    assertThat(lines).anyMatch(line -> line.matches("recall of bee +80.0 % of 20 +90.0 % of 20"));
    assertThat(lines).anyMatch(line -> line.matches("recall of ant +80.0 % of 20 +-"));
    assertThat(lines).contains("+ label cat", "- label ant");
    assertThat(lines).noneMatch(line -> line.startsWith("seed") || line.startsWith("backbone"));
  }

  private static HeadCard card(long version, int examples, double right, String... labels) {
    Measures measures =
        new Measures(
            Method.HOLDOUT,
            40,
            right,
            right,
            0.5,
            0.4,
            0.02,
            0.1,
            List.of(labels).stream().map(l -> new LabelMeasures(l, 20, right, right)).toList(),
            List.of(),
            List.of(),
            List.of());
    return new HeadCard(
        version,
        null,
        "ab".repeat(32),
        2,
        List.of(labels),
        1,
        new HeadCard.Training(examples, Map.of(), 1, 0.2, 17, "cpu", 0.1, null),
        measures,
        new Verdict(Verdict.Decision.PROMOTED, "for a test"),
        Instant.EPOCH);
  }
}
