package io.afina.trainer.judge;

import io.afina.decide.DoubtRecord;
import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.model.Head;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the heads that aliases point at, each once while it stands there. For one thread. */
public final class HeadReader {

  private static final Logger LOG = LoggerFactory.getLogger(HeadReader.class);

  private final ModelLog models;
  private final Map<String, Read> heads = new HashMap<>();

  private record Read(long version, Optional<Head> head) {}

  public HeadReader(ModelLog models) {
    this.models = models;
  }

  /** The head at an alias; empty when there is none, or none that can be read. */
  public Optional<Head> at(ModelKey.Alias alias) {
    return models.alias(alias).map(AliasRecord::version).flatMap(version -> at(alias, version));
  }

  /** The head of the highest version, promoted or not; empty when there is none to be read. */
  public Optional<Head> newest() {
    return models.head(models.newest()).flatMap(blob -> read("newest", blob));
  }

  private Optional<Head> at(ModelKey.Alias alias, long version) {
    Read last = heads.get(alias.name());
    if (last == null || last.version() != version) {
      last = new Read(version, models.head(version).flatMap(blob -> read(alias.name(), blob)));
      heads.put(alias.name(), last);
    }
    return last.head();
  }

  /** The live correction of a head's thresholds; empty where that of its card holds. */
  Optional<DoubtRecord> doubt(long version) {
    return models.doubt(version);
  }

  /** Whether a person holds the champion where it is. */
  public boolean isPinned() {
    return models.alias(ModelKey.PINNED).map(AliasRecord::version).isPresent();
  }

  private static Optional<Head> read(String place, byte[] blob) {
    try {
      return Optional.of(HeadFile.read(blob));
    } catch (HeadRefusedException e) {
      LOG.atWarn()
          .addKeyValue("head", place)
          .addKeyValue("why", e.why())
          .log("head cannot be read");
      return Optional.empty();
    }
  }
}
