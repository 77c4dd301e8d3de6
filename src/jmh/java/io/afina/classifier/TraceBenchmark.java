package io.afina.classifier;

import io.afina.event.header.TraceHeaders;
import io.afina.metrics.Traces;
import io.opentelemetry.api.trace.Tracer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a picture pays for its trace where nobody exports spans. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TraceBenchmark {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Param({"true", "false"})
  private boolean traced;

  private final Tracer tracer = Traces.off();
  private final RecordHeaders image = new RecordHeaders();
  private final RecordMetadata at = new At();

  @Setup
  public void make() {
    image.add("content-type", "image/jpeg".getBytes(StandardCharsets.UTF_8));
    if (traced) {
      image.add("traceparent", TRACE.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** As the classifier does: read the header, begin, make current, end, write. */
  @Benchmark
  public Headers carryOn() {
    ClassifySpan span = ClassifySpan.start(tracer, at, image);
    span.predicted("x", null, () -> {});
    Headers headers = new RecordHeaders(image);
    TraceHeaders.write(span.context(), headers);
    span.end();
    return headers;
  }

  /** What was done before there were traces. */
  @Benchmark
  public Headers copy() {
    return new RecordHeaders(image);
  }

  private record At() implements RecordMetadata {
    @Override
    public String topic() {
      return "images";
    }

    @Override
    public int partition() {
      return 0;
    }

    @Override
    public long offset() {
      return 0;
    }
  }
}
