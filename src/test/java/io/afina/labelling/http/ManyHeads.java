package io.afina.labelling.http;

import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.Measures;
import io.afina.model.Measures.Confusion;
import io.afina.model.Measures.LabelMeasures;
import io.afina.model.Measures.Method;
import io.afina.model.Verdict;
import io.afina.model.Verdict.Decision;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Heads as a trainer leaves them on {@code models}: with measures, verdicts and aliases. */
final class ManyHeads {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private ManyHeads() {}

  /**
   * Publishes one head.
   *
   * @param right of {@code of} examples that it was judged by
   * @param unmeasured the last labels, of which none was among these
   */
  static void publish(
      Asked asked,
      long version,
      Decision decision,
      Method method,
      int right,
      int of,
      int unmeasured,
      String... labels) {
    Head plain = Heads.identity(version, labels);
    HeadCard card = plain.card();
    HeadCard full =
        new HeadCard(
            version,
            version == 1 ? null : version - 1,
            card.backbone(),
            card.inputs(),
            card.labels(),
            1,
            new HeadCard.Training(
                (int) (10 * version), Map.of(0, 10 * version), 1, 0.2, 17, "cpu", 0.4, null),
            measures(method, right, of, unmeasured, labels),
            new Verdict(
                decision, "its accuracy on the examples that judge is " + right + " of " + of),
            START.plusSeconds(60 * version));
    // An alias follows, and is waited for.
    var unused =
        asked.send("models", "head/" + version, Heads.file(new Head(full, plain.layers())));
  }

  /** Points an alias at a head; the history has the versions before, the newest first. */
  static void alias(Asked asked, String name, long version, long... before) {
    AliasRecord alias =
        new AliasRecord(
            version,
            "trainer",
            START.plusSeconds(60 * version + 1),
            "no worse",
            Arrays.stream(before)
                .mapToObj(
                    v ->
                        new AliasRecord.Move(
                            v, "trainer", START.plusSeconds(60 * v + 1), "no worse"))
                .toList());
    asked.record("models", "alias/" + name, Json.write(alias));
  }

  private static Measures measures(
      Method method, int right, int of, int unmeasured, String... labels) {
    double share = (double) right / of;
    int seen = labels.length - unmeasured;
    List<LabelMeasures> each =
        IntStream.range(0, labels.length)
            .mapToObj(
                i ->
                    i < seen
                        ? new LabelMeasures(labels[i], Math.max(1, of / seen), share, share)
                        : new LabelMeasures(labels[i], 0, 0, 0))
            .toList();
    List<Confusion> cells =
        IntStream.range(0, seen).mapToObj(i -> new Confusion(labels[i], labels[i], 1)).toList();
    return new Measures(
        method, of, share, share, 0.5, 0.3, 0.02, 0.1, each, cells, List.of(), List.of());
  }
}
