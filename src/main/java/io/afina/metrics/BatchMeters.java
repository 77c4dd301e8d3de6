package io.afina.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the pictures that go to the backbone: how many at once, and how many are something else
 * than their producer says.
 */
public final class BatchMeters {

  private static final Logger LOG = LoggerFactory.getLogger(BatchMeters.class);

  private final MeterRegistry registry;
  private final DistributionSummary size;

  /** Declares them. */
  public BatchMeters(MeterRegistry registry) {
    this.registry = registry;
    size =
        DistributionSummary.builder("afina.image.batch")
            .description("Pictures that the backbone took at once.")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64)
            .register(registry);
  }

  /** The backbone took so many. */
  public void took(int pictures) {
    size.record(pictures);
  }

  /**
   * A picture is of another format than its content type says; the log has the first of a kind.
   *
   * @param declared a format in small letters, or "other"
   * @param found a format in small letters
   */
  public void contradicted(String declared, String found) {
    Counter counter =
        Counter.builder("afina.image.content.type")
            .description(
                "Pictures that are something else than their content type says; they are classified.")
            .tag("declared", declared)
            .tag("found", found)
            .register(registry);
    if (counter.count() == 0) {
      LOG.atWarn()
          .addKeyValue("declared", declared)
          .addKeyValue("found", found)
          .log("the header content-type says something else than the bytes, which count");
    }
    counter.increment();
  }
}
