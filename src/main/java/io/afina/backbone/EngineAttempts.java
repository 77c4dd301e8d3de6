package io.afina.backbone;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.UnusableRecordException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks an engine that fails again before a picture is set aside: it may be out of memory for a
 * moment.
 *
 * @param most how often it is asked
 */
record EngineAttempts(int most) {

  private static final Logger LOG = LoggerFactory.getLogger(EngineAttempts.class);

  /**
   * The embedding of one picture.
   *
   * @throws UnusableRecordException when the engine failed each time
   */
  float[] run(Supplier<float[]> engine) throws UnusableRecordException {
    EngineFailureException last = null;
    for (int attempt = 1; attempt <= most; attempt++) {
      try {
        return engine.get();
      } catch (EngineFailureException e) {
        LOG.atWarn()
            .addKeyValue("attempt", attempt)
            .addKeyValue("of", most)
            .addKeyValue("why", e.getMessage())
            .log("engine failed");
        last = e;
      }
    }
    throw new UnusableRecordException(
        Stage.EMBED,
        Reason.ENGINE_FAILURE,
        "the engine failed %d times: %s".formatted(most, last == null ? "" : last.getMessage()));
  }
}
