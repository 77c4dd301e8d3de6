package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.model.HeadCard;
import io.afina.model.Measures;
import io.afina.model.Measures.Bin;
import io.afina.model.Measures.Confusion;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Measures.Mistake;
import io.afina.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeadReportTest {

  private static final String EVIL = "</script><script>alert(1)</script><!--";

  private final HeadCard card = card(3, measures());

  @Test
  void shouldHoldEverythingInOnePageThatNeedsNoNetwork() {
    String page = HeadReport.of(card, List.of(card)).page();

    assertThat(page).doesNotContain("{{").contains("Apache Software Foundation", "echarts.init");
    assertThat(page).doesNotContainPattern("<(script|iframe)[^>]+src=|<link");
  }

  @Test
  void shouldLetNoLabelOrImageIdOutOfItsPlace() throws Exception {
    String page = HeadReport.of(card, List.of(card)).page();

    assertThat(page).doesNotContain(EVIL).doesNotContain("<script>alert");
    assertThat(page.split("<script", -1)).hasSize(4);
    JsonNode data = data(page);
    assertThat(data.at("/labels/0/label").asText()).isEqualTo(EVIL);
    assertThat(data.at("/card/measures/mistakes/0/id").asText()).isEqualTo(EVIL);
  }

  @Test
  void shouldFlagLabelsWhoseIntervalEndsBelowTheMean() {
    List<HeadReport.Label> labels = HeadReport.of(card, List.of()).labels();

    assertThat(labels).extracting(HeadReport.Label::farBelow).containsExactly(true, false, false);
    assertThat(labels.get(2).recall().low()).isLessThan(labels.get(2).recall().high());
  }

  @Test
  void shouldShowAHeadThatNobodyJudged() throws Exception {
    HeadCard unjudged = card(1, null);

    JsonNode data = data(HeadReport.of(unjudged, List.of(unjudged)).page());

    assertThat(data.at("/labels")).isEmpty();
    assertThat(data.at("/curve/0/balancedAccuracy").isNull()).isTrue();
  }

  private static JsonNode data(String page) throws Exception {
    String start = "id=\"data\">";
    int from = page.indexOf(start) + start.length();
    return new JsonMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
  }

  private static HeadCard card(long version, @Nullable Measures measures) {
    return new HeadCard(
        version,
        null,
        "ab".repeat(32),
        2,
        List.of(EVIL, "bee", "cat"),
        1,
        new HeadCard.Training(10, Map.of(), 1, 0.2, 17, "cpu", 0.1, null),
        measures,
        new Verdict(Verdict.Decision.PROMOTED, "for a test"),
        Instant.EPOCH);
  }

  private static Measures measures() {
    return new Measures(
        Method.HOLDOUT,
        84,
        0.75,
        0.75,
        0.5,
        0.4,
        0.02,
        0.1,
        List.of(
            new LabelMeasures(EVIL, 40, 0.5, 0.9),
            new LabelMeasures("bee", 40, 1, 0.7),
            new LabelMeasures("cat", 4, 0.75, 1)),
        List.of(
            new Confusion(EVIL, EVIL, 20),
            new Confusion(EVIL, "bee", 20),
            new Confusion("bee", "bee", 40),
            new Confusion("cat", "cat", 3),
            new Confusion("cat", "bee", 1)),
        List.of(new Bin(20, 0.6, 0.5), new Bin(64, 0.95, 0.9)),
        List.of(new Mistake(EVIL, EVIL, "bee", 0.9), new Mistake("image-7", "cat", "bee", 0.6)));
  }
}
