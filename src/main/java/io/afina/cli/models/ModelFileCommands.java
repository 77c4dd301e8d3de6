package io.afina.cli.models;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.SigningOption;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.Head;
import io.afina.model.ModelLog;
import io.afina.model.ModelWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that export, import and remove heads. */
final class ModelFileCommands {

  private ModelFileCommands() {}

  @Command(
      name = "export",
      description = "Writes a head to a file, as safetensors.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {

    @Mixin private ClusterOptions cluster;

    @Parameters(index = "0", paramLabel = "VERSION")
    private long version;

    @Parameters(index = "1", paramLabel = "FILE")
    private Path file;

    @Override
    public Integer call() {
      try (ModelLog models = ModelRegistry.open(cluster.config())) {
        Files.write(file, ModelRegistry.blob(models, version));
      } catch (IOException e) {
        throw new AfinaException(ExitCode.FAILURE, "cannot write %s: %s".formatted(file, e), e);
      }
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "import",
      description =
          "Publishes the head in a file under the next version; promote it to let it answer.",
      mixinStandardHelpOptions = true)
  static final class Import implements Callable<Integer> {

    @Mixin private ClusterOptions cluster;
    @Mixin private SigningOption signing;

    @Parameters(paramLabel = "FILE")
    private Path file;

    @Override
    public Integer call() {
      Head head = ModelRegistry.read(file.toString(), bytes());
      ModelRegistry.write(
          signing.set(cluster.loader()).load(), (writer, models) -> publish(head, writer, models));
      return ExitCode.OK.code();
    }

    private void publish(Head head, ModelWriter writer, ModelLog models) {
      long version = models.newest() + 1;
      String why = "was head %d in %s".formatted(head.version(), file.getFileName());
      writer.publish(new Head(head.card().imported(version, why), head.layers(), head.centroids()));
      System.out.println("head " + version);
    }

    private byte[] bytes() {
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new AfinaException(ExitCode.NOT_FOUND, "cannot read %s: %s".formatted(file, e), e);
      }
    }
  }

  @Command(
      name = "prune",
      description = "Removes old heads for good; those that an alias points at stay.",
      mixinStandardHelpOptions = true)
  static final class Prune implements Callable<Integer> {

    @Mixin private ClusterOptions cluster;

    @Option(
        names = "--keep",
        paramLabel = "K",
        required = true,
        description = "How many of the newest heads stay.")
    private int keep;

    @Override
    public Integer call() {
      ModelRegistry.write(
          cluster.config(),
          (writer, models) -> {
            List<Long> old = models.prunable(keep);
            if (!old.isEmpty()) {
              writer.remove(old);
            }
            System.out.printf("%d removed%n", old.size());
          });
      return ExitCode.OK.code();
    }
  }
}
