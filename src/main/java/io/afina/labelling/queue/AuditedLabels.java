package io.afina.labelling.queue;

import io.afina.metrics.LabellingMeters;
import io.afina.metrics.LabellingMeters.Share;
import io.afina.model.WilsonInterval;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the meters of each label's audited accuracy up to date. Safe for any thread. */
public final class AuditedLabels {

  private final AnswerIndex answers;
  private final LabellingMeters meters;
  private Map<String, WilsonInterval> shown = Map.of();

  public AuditedLabels(AnswerIndex answers, LabellingMeters meters) {
    this.answers = answers;
    this.meters = meters;
  }

  /** Something was answered. */
  public synchronized void changed() {
    Map<String, WilsonInterval> now = answers.auditedByLabel();
    if (!now.equals(shown)) {
      shown = now;
      Map<String, Share> shares = new TreeMap<>();
      now.forEach(
          (label, share) ->
              shares.put(
                  label,
                  new Share((double) share.right() / share.total(), share.low(), share.high())));
      meters.audited(shares);
    }
  }
}
