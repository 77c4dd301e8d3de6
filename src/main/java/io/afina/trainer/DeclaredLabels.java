package io.afina.trainer;

import io.afina.config.AfinaConfig;
import io.afina.label.LabelEdits;
import io.afina.label.LabelLog;
import io.afina.label.LabelTable;
import io.afina.label.LabelWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code labels} for the trainer, and adds to them what people named without declaring it,
 * before a head has it: what is predicted is always there. For one thread.
 */
final class DeclaredLabels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeclaredLabels.class);

  private final AfinaConfig config;
  private final LabelLog log;

  /** Reads the labels that there are. */
  DeclaredLabels(AfinaConfig config) {
    this.config = config;
    log = new LabelLog(config);
  }

  LabelTable table() {
    return log.table();
  }

  /** The labels, if they are others than before. */
  Optional<LabelTable> poll() {
    return log.poll() ? Optional.of(log.table()) : Optional.empty();
  }

  /**
   * Adds labels that are in no table yet.
   *
   * @throws org.apache.kafka.common.KafkaException when they cannot be written now
   */
  void declare(Collection<String> names) {
    List<String> missing = names.stream().filter(name -> log.table().find(name).isEmpty()).toList();
    if (!missing.isEmpty()) {
      LabelEdits edits = new LabelEdits("trainer", Instant.now(), "first used");
      LabelWriter.Change added = LabelWriter.write(config, table -> edits.declare(table, missing));
      LOG.atInfo()
          .addKeyValue("labels", added.records().size())
          .log("labels that are new were added");
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
