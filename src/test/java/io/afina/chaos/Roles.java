package io.afina.chaos;

import io.afina.Ports;
import io.afina.chaos.Crew.Start;
import io.afina.cli.Afina;
import io.afina.labelling.security.UserRole;
import io.afina.labelling.security.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the processes of Afina are started in a run of chaos, and who may use its labelling page. */
final class Roles {

  /** How long a correction waits for its image. */
  static final Duration PATIENCE_OF_CORRECTIONS = Duration.ofSeconds(20);

  /** The classifier that keeps its state on the small disk. */
  static final String ON_SMALL_DISK = "classify-1";

  /** The classifier that comes and goes. */
  static final String GUEST = "classify-3";

  /** All that run from the beginning. */
  static final List<String> NAMES =
      List.of(ON_SMALL_DISK, "classify-2", "train-1", "train-2", "label");

  private static final String HEAP = "-Xmx512m";

  private final Path folder;
  private final String bootstrapServers;
  private final Mutation mutation;
  private final int port = Ports.free();
  private final Map<String, String> tokens = new LinkedHashMap<>();
  private final Path signing;
  private final Path verify;

  /** Makes keys and users. */
  Roles(Path folder, String bootstrapServers, Mutation mutation)
      throws GeneralSecurityException, IOException {
    this.folder = folder;
    this.bootstrapServers = bootstrapServers;
    this.mutation = mutation;
    for (String name : List.of("pia", "tom")) {
      tokens.put(name, Users.addToken(folder.resolve("users.yaml"), name, UserRole.LABELLER));
    }
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    signing = pem("signing.pem", "PRIVATE KEY", keys.getPrivate().getEncoded());
    verify = pem("verify.pem", "PUBLIC KEY", keys.getPublic().getEncoded());
  }

  /** Where the labelling page is. */
  String page() {
    return "http://127.0.0.1:" + port;
  }

  /** The tokens of the labellers, by their names. */
  Map<String, String> tokens() {
    return Map.copyOf(tokens);
  }

  List<Start> starts() {
    List<Start> starts = new ArrayList<>();
    for (String name : List.of(ON_SMALL_DISK, "classify-2", GUEST)) {
      starts.add(start(name, "classify", "classifying with", classifier(name)));
    }
    for (String name : List.of("train-1", "train-2")) {
      List<String> its = new ArrayList<>(List.of("--signing-key", signing.toString()));
      its.addAll(List.of("--set", "trainer.minNewExamples=48", "--set", "trainer.interval=3s"));
      starts.add(start(name, "train", "training is ready", its));
    }
    List<String> page =
        List.of("--port", "" + port, "--users", folder.resolve("users.yaml").toString());
    starts.add(start("label", "label", "label at", page));
    return starts;
  }

  private List<String> classifier(String name) {
    List<String> its = new ArrayList<>();
    // One keeps its place in the group over a restart; the others are strangers every time.
    if (name.equals(ON_SMALL_DISK)) {
      its.addAll(List.of("--instance-id", name));
    }
    its.addAll(List.of("--threads", "1", "--verify-key", verify.toString()));
    its.addAll(List.of("--state-dir", folder.resolve("state-" + name).toString()));
    its.addAll(List.of("--set", "classifier.headers=chaos.*"));
    String patience = "classifier.correctionPatience=%ds";
    its.addAll(List.of("--set", patience.formatted(PATIENCE_OF_CORRECTIONS.toSeconds())));
    return its;
  }

  private Start start(String name, String command, String announcement, List<String> its) {
    List<String> arguments = new ArrayList<>(List.of(command, "-b", bootstrapServers));
    arguments.addAll(List.of("--management-port", "0"));
    arguments.addAll(its);
    arguments.addAll(mutation.of(name));
    return new Start(name, List.of(HEAP), Afina.class, arguments, announcement);
  }

  private Path pem(String name, String what, byte[] key) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(what, Base64.getEncoder().encodeToString(key)));
  }
}
