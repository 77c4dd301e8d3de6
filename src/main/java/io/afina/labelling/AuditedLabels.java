package io.afina.labelling;

import io.afina.metrics.LabellingMeters;
import io.afina.metrics.LabellingMeters.Share;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the meters of the labels' accuracy at what the ledger knows. Safe for any thread. */
final class AuditedLabels {

  private final Ledger ledger;
  private final LabellingMeters meters;
  private Map<String, Wilson> shown = Map.of();

  AuditedLabels(Ledger ledger, LabellingMeters meters) {
    this.ledger = ledger;
    this.meters = meters;
  }

  /** Something was answered. */
  synchronized void changed() {
    Map<String, Wilson> now = ledger.auditedByLabel();
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
