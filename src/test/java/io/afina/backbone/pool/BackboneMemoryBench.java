package io.afina.backbone.pool;

import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.metrics.BatchMeters;
import io.afina.replay.LabelledPicture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Prints how much memory a process has with one, two, … backbones loaded, each of which has
 * embedded some pictures; and how much once it has unloaded all but the last. Arguments: their
 * addresses.
 */
public final class BackboneMemoryBench {

  private static final Path STATUS = Path.of("/proc/self/status");

  private BackboneMemoryBench() {}

  /** Runs it. */
  public static void main(String[] addresses) throws Exception {
    AfinaConfig config = ConfigLoader.defaults().set("backbone.device", "cpu").load();
    BatchMeters meters = new BatchMeters(new SimpleMeterRegistry());
    List<byte[]> pictures =
        LabelledPicture.drawn(1, 50).stream().map(picture -> picture.bytes().get()).toList();
    System.out.printf("%-40s %6d MB%n", "nothing loaded", resident());
    try (BackbonePool pool =
        new BackbonePool(
            address -> LoadedBackbone.load(config, address, meters),
            addresses[0],
            Duration.ofSeconds(30))) {
      embed(pool, addresses[0], pictures);
      for (int n = 1; n < addresses.length; n++) {
        LoadedBackbone next = LoadedBackbone.load(config, addresses[n], meters);
        pool.add(next);
        pool.answer(next.backbone().id());
        embed(pool, addresses[n], pictures);
      }
      String last = pool.loaded().get(0).backbone().id();
      pool.loaded().stream()
          .map(loaded -> loaded.backbone().id())
          .filter(id -> !id.equals(last))
          .forEach(pool::unload);
      embed(pool, "only the last one", pictures);
    }
  }

  private static void embed(BackbonePool pool, String what, List<byte[]> pictures)
      throws Exception {
    for (byte[] picture : pictures) {
      pool.answering().embed(picture, null);
    }
    System.gc();
    System.out.printf("%-40s %6d MB%n", what, resident());
  }

  private static long resident() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
