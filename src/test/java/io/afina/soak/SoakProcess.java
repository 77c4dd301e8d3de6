package io.afina.soak;

import io.afina.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An {@code afina} of the soak, and what it holds; Linux, as it reads {@code /proc}. */
record SoakProcess(String role, Child process, URI metrics) implements AutoCloseable {

  /**
   * Resident from the start, and as it begins in the launcher: else a heap that is touched for the
   * first time, or may grow, looks like a leak.
   */
  private static final Map<String, String> WHOLE_HEAP =
      Map.of("AFINA_OPTS", "-XX:+AlwaysPreTouch -Xmx192m");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern METRICS = Pattern.compile("http://\\S+/metrics");
  private static final String LIVE = "(?m)^jvm_gc_live_data_size_bytes(?:\\{.*\\})? ([0-9.E+]+)";

  /** RocksDB's files of sorted records; they come and go as the stores flush and compact. */
  private static final String TABLE = ".sst";

  private static final double MEGABYTE = 1 << 20;

  static SoakProcess start(String role, Path folder, String command, Path config) {
    Child process =
        Child.start(
            folder, WHOLE_HEAP, command, "--config", config.toString(), "--management-port", "0");
    Matcher metrics = METRICS.matcher(process.awaitOutput("/metrics").output());
    if (!metrics.find()) {
      throw new IllegalStateException(process.output());
    }
    return new SoakProcess(role, process, URI.create(metrics.group()));
  }

  /** Collects its whole heap, so that {@link #vitals()} tells what lives. */
  void collect() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process run =
        new ProcessBuilder(jcmd, Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (run.waitFor() != 0) {
      throw new IllegalStateException("jcmd GC.run of %s: %d".formatted(role, run.exitValue()));
    }
  }

  /** What it holds now, by name. */
  Map<String, Double> vitals() {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    String page = metricsPage();
    Map<String, Double> vitals = new LinkedHashMap<>();
    try {
      String status = Files.readString(proc.resolve("status"));
      double resident = number(status, "VmRSS:\\s+(\\d+)") / 1024;
      double heap = sum(page, "jvm_memory_committed_bytes\\{area=\"heap\"") / MEGABYTE;
      vitals.put(role + " resident, MB", resident);
      vitals.put(role + " outside the heap, MB", resident - heap);
      vitals.put(role + " heap after collection, MB", number(page, LIVE) / MEGABYTE);
      List<String> handles = handles(proc);
      vitals.put(role + " handles", (double) handles.size());
      vitals.put(role + " threads", number(status, "Threads:\\s+(\\d+)"));
      if (page.contains("afina_head_swap")) {
        vitals.put(role + " heads put in place", sum(page, "afina_head_swap_seconds_count"));
        vitals.put(
            role + " table handles",
            (double) handles.stream().filter(handle -> handle.endsWith(TABLE)).count());
        vitals.put(role + " stores, MB", sum(page, "afina_stores_memory_bytes") / MEGABYTE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return vitals;
  }

  /** What each leads to. */
  private static List<String> handles(Path proc) throws IOException {
    List<String> targets = new ArrayList<>();
    try (Stream<Path> links = Files.list(proc.resolve("fd"))) {
      for (Path link : links.toList()) {
        try {
          targets.add(Files.readSymbolicLink(link).toString());
        } catch (NoSuchFileException e) {
          // Closed since it was listed.
        }
      }
    }
    return targets;
  }

  private String metricsPage() {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static double number(String text, String pattern) {
    var found = Pattern.compile(pattern).matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("no " + pattern);
    }
    return Double.parseDouble(found.group(1));
  }

  private static double sum(String page, String name) {
    return Pattern.compile("(?m)^" + name + ".* ([0-9.E+]+)$")
        .matcher(page)
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }

  @Override
  public void close() {
    process.close();
  }
}
