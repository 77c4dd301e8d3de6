package io.afina.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.function.Supplier;

/** Measures what the state stores of a process hold outside of the heap. */
public final class StoreMeters {

  /**
   * Declares them.
   *
   * @param used bytes of the cache that all stores share, the write buffers included
   * @param pinned bytes of it that cannot be given up now
   */
  public StoreMeters(MeterRegistry registry, Supplier<Number> used, Supplier<Number> pinned) {
    Gauge.builder("afina.stores.memory", used)
        .baseUnit(BaseUnits.BYTES)
        .description(
            "Native memory of RocksDB's blocks and write buffers, of all state stores together.")
        .register(registry);
    Gauge.builder("afina.stores.memory.pinned", pinned)
        .baseUnit(BaseUnits.BYTES)
        .description("What of afina_stores_memory_bytes cannot be given up for other blocks now.")
        .register(registry);
  }
}
