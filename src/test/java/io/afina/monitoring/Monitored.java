package io.afina.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.labelling.http.Client;
import io.afina.lifecycle.Closer;
import io.afina.topic.ReadyTopics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system as it runs for real, on this machine: a broker and a process a role, watched by a real
 * Prometheus.
 */
final class Monitored implements AutoCloseable {

  private static final Pattern METRICS = Pattern.compile("metrics at http://([0-9.:]+)/metrics");
  private static final Pattern PAGE = Pattern.compile("label at (http://[0-9.:]+)");
  private static final String LISTENING = "listening on ";
  private static final Pattern BROKER = Pattern.compile(LISTENING + "(\\S+)");

  private final Closer closer = new Closer();
  private final Path folder;
  private final Prometheus prometheus;
  private final Child broker;
  private final AfinaConfig config;

  /** A role that runs, and where its meters are. */
  record Role(Child process, String target) {}

  /**
   * Starts broker and Prometheus; the roles come by {@link #start}.
   *
   * @param speed how many times faster than written the rules' durations are
   */
  Monitored(Path folder, int speed) {
    this.folder = folder;
    try {
      prometheus = closer.own(new Prometheus(folder, speed));
      broker =
          closer.own(Child.start(folder, "broker", "--data", folder.resolve("kafka").toString()));
      config =
          ConfigLoader.defaults()
              .set("kafka.bootstrap.servers", found(BROKER, broker.awaitOutput(LISTENING)))
              .load();
      ReadyTopics.apply(config);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  Prometheus prometheus() {
    return prometheus;
  }

  Child broker() {
    return broker;
  }

  AfinaConfig config() {
    return config;
  }

  /** Starts a classifier with a state of its own, a trainer and a labelling page, side by side. */
  List<Role> startAll(List<String> classify, List<String> train, List<String> label) {
    List<Child> children =
        List.of(
            process("classify", Map.of(), with(classify, "--state-dir", state())),
            process("train", Map.of(), train),
            process("label", Map.of(), with(label, "--port", "0")));
    List<Role> roles = new ArrayList<>();
    List<String> names = List.of("classify", "train", "label");
    for (int i = 0; i < children.size(); i++) {
      roles.add(watched(names.get(i), children.get(i)));
    }
    return roles;
  }

  /** Starts one more classifier. */
  Role classifier(String... arguments) {
    return start("classify", Map.of(), with(List.of(arguments), "--state-dir", state()));
  }

  /**
   * Starts a role.
   *
   * @param environment variables beside those of this process
   */
  Role start(String role, Map<String, String> environment, List<String> arguments) {
    return watched(role, process(role, environment, arguments));
  }

  /** Runs another command of {@code afina} to its end. */
  void run(String... command) throws InterruptedException {
    List<String> all =
        with(List.of(command), "-b", config.kafka().getOrDefault("bootstrap.servers", ""));
    try (Child child = Child.start(folder, all.toArray(String[]::new))) {
      assertThat(child.awaitExit()).as(child::output).isZero();
    }
  }

  /** Somebody at a labelling page. */
  Client labeller(Role page) {
    return Client.open(found(PAGE, page.process()));
  }

  @Override
  public void close() {
    closer.close();
  }

  private Child process(String role, Map<String, String> environment, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(role));
    all.addAll(
        with(
            arguments,
            "-b",
            config.kafka().getOrDefault("bootstrap.servers", ""),
            "--management-port",
            "0"));
    return closer.own(Child.start(folder, environment, all.toArray(String[]::new)));
  }

  private Role watched(String role, Child process) {
    String target = found(METRICS, process.awaitOutput("metrics at"));
    prometheus.watch("afina-" + role, target);
    return new Role(process, target);
  }

  private String state() {
    try {
      return Files.createTempDirectory(folder, "state-").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all;
  }

  private static String found(Pattern pattern, Child child) {
    Matcher matcher = pattern.matcher(child.output());
    assertThat(matcher.find()).as(child::output).isTrue();
    return matcher.group(1);
  }

  /** A key that is not the one by which heads are signed. */
  static Path somebodysKey(Path folder) throws Exception {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    String pem = Base64.getMimeEncoder().encodeToString(key);
    return Files.writeString(
        folder.resolve("somebody.pem"),
        "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
  }
}
