package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code docker-compose.yml} as a project of a test's own: by Compose 2 or docker-compose 1.29,
 * whichever there is. Where {@code -Dafina.image} names an image, that stands in for the one that
 * would be built, and {@code -Dafina.kafka.image} for Kafka's.
 */
final class Compose implements AutoCloseable {

  /** As the other processes of tests: none lives for as long as the second compiler needs. */
  private static final String JAVA = "JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1'";

  private final List<String> command = new ArrayList<>();
  private final Map<String, String> environment;
  private final boolean built;

  Compose(Path folder, String project, Map<String, String> environment) {
    this.environment = environment;
    Optional<String> image = Optional.ofNullable(System.getProperty("afina.image"));
    built = image.isPresent();
    command.addAll(plugin() ? List.of("docker", "compose") : List.of("docker-compose"));
    command.addAll(List.of("--project-name", project, "--project-directory", "."));
    command.addAll(List.of("--file", "docker-compose.yml"));
    image.ifPresent(name -> command.addAll(List.of("--file", override(folder, name).toString())));
  }

  /** Starts services and what they need, without waiting until they are ready. */
  void up(String... services) {
    List<String> arguments = new ArrayList<>(List.of("up", "--detach"));
    arguments.add(built ? "--no-build" : "--build");
    arguments.addAll(List.of(services));
    run(arguments.toArray(String[]::new));
  }

  /** What a service has printed. */
  String logs(String service) {
    return run("logs", "--no-color", service);
  }

  /** Runs a command of Compose and gives what it prints. */
  String run(String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    Output output = execute(all, environment);
    assertThat(output.exit()).as("%s: %s", all, output.text()).isZero();
    return output.text();
  }

  /** Removes containers, networks and volumes. */
  @Override
  public void close() {
    run("down", "--volumes", "--timeout", "20");
  }

  private static boolean plugin() {
    return execute(List.of("docker", "compose", "version"), Map.of()).exit() == 0;
  }

  private static Path override(Path folder, String image) {
    Stream<String> afina =
        Stream.of("topics", "classifier-1", "classifier-2", "trainer", "users", "label", "replay")
            .map(
                service ->
                    "  %s: {image: %s, environment: {%s}}\n".formatted(service, image, JAVA));
    String kafka = "  kafka: {image: %s}\n".formatted(System.getProperty("afina.kafka.image"));
    try {
      return Files.writeString(
          folder.resolve("images.yml"),
          "services:\n" + kafka + afina.collect(Collectors.joining()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Output(int exit, String text) {}

  private static Output execute(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
