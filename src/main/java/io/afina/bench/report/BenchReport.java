package io.afina.bench.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The results of a bench, run by run; it is the JSON file, and table, comparison and page are made
 * from it. Rates are pictures a second.
 *
 * @param parts what was measured without Kafka
 * @param pipelines what was measured through a broker
 */
public record BenchReport(Instant at, Setup setup, List<Part> parts, List<Pipeline> pipelines) {

  public BenchReport {
    parts = List.copyOf(parts);
    pipelines = List.copyOf(pipelines);
  }

  /**
   * On what it was measured.
   *
   * @param version of Afina
   * @param java version and options that the parts and the classifier ran with
   * @param bytes mean size of the encoded pictures
   * @param seconds that every figure was measured, after a warm-up
   * @param underWay pictures that were published and not yet predicted, at most
   */
  public record Setup(
      String version,
      String java,
      String system,
      int cores,
      String backbone,
      int pictures,
      long bytes,
      int runs,
      int seconds,
      int underWay) {}

  /** A piece alone: {@code decode}, {@code engine}, {@code both} or {@code textbook}. */
  public record Part(String name, int threads, List<Double> rates) {
    public Part {
      rates = List.copyOf(rates);
    }

    public Spread rate() {
      return Spread.of(rates);
    }
  }

  /** The classifier in a process of its own, over a broker in another. */
  public record Pipeline(String guarantee, int batch, int threads, List<Run> runs) {
    public Pipeline {
      runs = List.copyOf(runs);
    }

    public Spread rate() {
      return Spread.of(runs.stream().map(Run::rate).toList());
    }

    /** A figure of the latency at half load. */
    public Spread half(ToDoubleFunction<Latency> figure) {
      return Spread.of(runs.stream().map(run -> figure.applyAsDouble(run.half())).toList());
    }

    /** A figure of the latency at full load. */
    public Spread full(ToDoubleFunction<Latency> figure) {
      return Spread.of(runs.stream().map(run -> figure.applyAsDouble(run.full())).toList());
    }

    /** The title, such as {@code exactly_once_v2, batch 1}. */
    public String title() {
      return "%s, batch %d".formatted(guarantee, batch);
    }
  }

  /**
   * One start of broker and classifier.
   *
   * @param rate at full load
   * @param ready seconds from the start of the classifier's process to its first possible
   *     prediction
   * @param resident of the classifier at the end, in MB; 0 where the system does not tell
   * @param cpu who took the cores at full load
   */
  public record Run(
      double rate, Latency full, Latency half, double ready, long resident, Cpu cpu) {}

  /** Shares of the time of all cores, 0 to 1. */
  public record Cpu(double classifier, double broker, double driver) {}

  /** The part of this name, if it was measured. */
  public Optional<Part> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /** The pipeline of this title, if it was measured. */
  public Optional<Pipeline> pipeline(String title) {
    return pipelines.stream().filter(pipeline -> pipeline.title().equals(title)).findFirst();
  }
}
