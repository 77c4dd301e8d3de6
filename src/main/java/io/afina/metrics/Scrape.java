package io.afina.metrics;

import io.javalin.http.Context;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.MetricNameFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * Writes all meters in the format that a scrape accepts: OpenMetrics with exemplars, or
 * Prometheus's text; of the names in {@code name[]}, where a query has any. Javalin compresses it.
 */
final class Scrape {

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;

  Scrape(PrometheusRegistry registry) {
    this.registry = registry;
  }

  void answer(Context ctx) throws IOException {
    List<String> names = ctx.queryParams("name[]");
    MetricSnapshots meters =
        names.isEmpty()
            ? registry.scrape()
            : registry.scrape(MetricNameFilter.builder().nameMustBeEqualTo(names).build());
    String accept = ctx.header("Accept");
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    writer.write(text, meters, EscapingScheme.fromAcceptHeader(accept));
    ctx.contentType(writer.getContentType()).result(text.toByteArray());
  }
}
