package io.afina.cli;

import com.sun.management.OperatingSystemMXBean;
import io.afina.backbone.CudaDriver;
import io.afina.backbone.EngineReport;
import io.afina.backbone.card.BackboneEngine;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.AfinaVersion;
import io.afina.lifecycle.ExitCode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code afina doctor} finds.
 *
 * @param driver NVIDIA's
 * @param engines PyTorch and ONNX Runtime
 * @param training whether heads can be trained
 * @param embedding whether pictures can be embedded
 */
record DoctorReport(
    Machine machine, CudaDriver driver, List<Engine> engines, Check training, Check embedding) {

  /** Variables that say where natives are, and which devices and threads there are. */
  private static final List<String> PREFIXES =
      List.of("PYTORCH_", "DJL_", "CUDA_", "NVIDIA_VISIBLE_", "NVIDIA_DRIVER_", "OMP_");

  /** What the process has of the machine; in a container, what that was given. */
  record Machine(
      String afina,
      String java,
      String system,
      int cores,
      long memoryBytes,
      long heapBytes,
      Map<String, String> environment) {

    static Machine here() {
      Map<String, String> environment = new TreeMap<>(System.getenv());
      environment.keySet().removeIf(name -> PREFIXES.stream().noneMatch(name::startsWith));
      return new Machine(
          AfinaVersion.number(),
          properties("java.version", "java.vendor", "java.home"),
          properties("os.name", "os.version", "os.arch"),
          Runtime.getRuntime().availableProcessors(),
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
          Runtime.getRuntime().maxMemory(),
          environment);
    }

    List<String> lines() {
      Stream<String> what =
          Stream.of(
              line("afina", afina + ", Java " + java),
              line("machine", system),
              line(
                  "",
                  "%d cores, %s of memory, a heap of up to %s"
                      .formatted(cores, gib(memoryBytes), gib(heapBytes))));
      return Stream.concat(
              what, environment.entrySet().stream().map(set -> line("environment", set.toString())))
          .toList();
    }

    private static String properties(String... names) {
      return Stream.of(names).map(System::getProperty).collect(Collectors.joining(" "));
    }
  }

  /**
   * An engine.
   *
   * @param failure why it does not start, or null
   */
  record Engine(String name, @Nullable EngineReport report, @Nullable String failure) {

    static Engine of(BackboneEngine engine) {
      try {
        return new Engine(engine.djlName(), EngineReport.of(engine), null);
      } catch (AfinaException e) {
        return new Engine(engine.djlName(), null, e.getMessage());
      }
    }

    String line() {
      return DoctorReport.line(
          name,
          report == null
              ? "does not start"
              : "%s, for %s, %s; devices: %s"
                  .formatted(
                      report.version(),
                      report.builtFor(),
                      report.natives(),
                      String.join(", ", report.devices())));
    }
  }

  /**
   * Something that was tried.
   *
   * @param key of the configuration that names its device
   * @param asked its value
   * @param device where it worked, or null
   * @param millis that it took, not for the first time
   * @param failure why it did not work, or null
   */
  record Check(
      String key,
      String asked,
      @Nullable String device,
      double millis,
      @Nullable String failure,
      ExitCode exitCode) {

    /**
     * Tries it twice.
     *
     * @param work gives the device
     */
    static Check of(String key, String asked, Supplier<String> work) {
      try {
        String device = "";
        double millis = 0;
        for (int run = 0; run < 2; run++) {
          long start = System.nanoTime();
          device = work.get();
          millis = Math.round((System.nanoTime() - start) / 1e4) / 100.0;
        }
        return new Check(key, asked, device, millis, null, ExitCode.OK);
      } catch (AfinaException e) {
        return new Check(key, asked, null, 0, e.getMessage(), e.exitCode());
      } catch (RuntimeException | LinkageError e) {
        return new Check(key, asked, null, 0, e.toString(), ExitCode.FAILURE);
      }
    }

    /**
     * The line about it.
     *
     * @param done what works, such as {@code trains}
     */
    String line(String done) {
      return DoctorReport.line(
          key,
          failure == null
              ? "%s is %s: %s in %.1f ms".formatted(asked, device, done, millis)
              : "%s does not work: %s".formatted(asked, failure));
    }
  }

  static List<String> lines(CudaDriver driver) {
    List<String> lines = new ArrayList<>();
    for (CudaDriver.Gpu gpu : driver.gpus()) {
      lines.add(
          line(
              "gpu:" + lines.size(),
              "%s, %s of memory, driver for CUDA %s"
                  .formatted(gpu.name(), gib(gpu.memoryBytes()), driver.version())));
    }
    return lines.isEmpty() ? List.of(line("gpu", driver.missing())) : lines;
  }

  /** The exit code of the command: that of the first check which failed. */
  ExitCode exitCode() {
    return training.exitCode() == ExitCode.OK ? embedding.exitCode() : training.exitCode();
  }

  private static String line(String name, String text) {
    return "%-16s %s".formatted(name, text);
  }

  private static String gib(long bytes) {
    return "%.1f GiB".formatted(bytes / (double) (1 << 30));
  }
}
