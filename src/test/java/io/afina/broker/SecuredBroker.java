package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Page;
import io.afina.Ports;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker that wants to know who everybody is and denies what no rule allows, set up by what
 * {@code src/docs/security.md} says.
 */
public final class SecuredBroker implements AutoCloseable {

  /** Who may do everything. */
  public static final String ADMIN = "admin";

  /** Who comes by a certificate. */
  public static final String CLASSIFIER = "classifier";

  private static final String STORE_PASSWORD = "of-the-stores";
  private static final int ITERATIONS = 4096;

  private final Page page = new Page(Path.of("src", "docs", "security.md"));
  private final Path dir;
  private final int certificatePort = Ports.free();
  private final EmbeddedBroker broker;

  /** Makes the certificates in a folder, and starts over it. */
  public SecuredBroker(Path dir) throws IOException, InterruptedException {
    this.dir = dir;
    makeCertificates();
    broker =
        EmbeddedBroker.start(
            dir.resolve("data"),
            this::secured,
            EmbeddedBroker.Storage.alone(
                List.of("SCRAM-SHA-512=[name=%s,password=%s]".formatted(ADMIN, password(ADMIN)))));
  }

  /** Makes a user who can log in with SCRAM, and may do nothing yet. */
  public void addUser(String name) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.copyOf(as(ADMIN).kafka()))) {
      admin
          .alterUserScramCredentials(
              List.of(
                  new UserScramCredentialUpsertion(
                      name,
                      new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                      password(name))))
          .all()
          .get();
    }
  }

  /** The configuration of somebody who says who they are as the page says. */
  public AfinaConfig as(String name) {
    return ConfigLoader.defaults()
        .kafkaProperties(properties(name))
        .set("kafka.bootstrap.servers", bootstrapServers(name))
        .load();
  }

  /** Where to connect to as somebody. */
  public String bootstrapServers(String name) {
    return name.equals(CLASSIFIER) ? "127.0.0.1:" + certificatePort : broker.bootstrapServers();
  }

  /** The file for {@code --command-config}. */
  public Path properties(String name) {
    String block = page.block(name.equals(CLASSIFIER) ? "mtls.properties" : "scram.properties");
    return write(
        name + ".properties",
        filled(block).replace("${user}", name).replace("${password}", password(name)));
  }

  /** A file of somebody who does not know their password. */
  public Path propertiesWithAWrongPassword(String name) {
    return write(
        name + "-wrong.properties",
        filled(page.block("scram.properties"))
            .replace("${user}", name)
            .replace("${password}", "guessed"));
  }

  @Override
  public void close() {
    broker.close();
  }

  private void makeCertificates() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", page.block("certificates"))
            .directory(dir.toFile())
            .redirectErrorStream(true);
    builder.environment().put("STORE_PASSWORD", STORE_PASSWORD);
    builder
        .environment()
        .merge(
            "PATH",
            Path.of(System.getProperty("java.home"), "bin").toString(),
            (path, java) -> java + ":" + path);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** What the page says, on ports that are free. */
  private Properties secured(Properties settings) {
    String plain = settings.getProperty("listeners");
    Properties secured = new Properties();
    secured.putAll(settings);
    try {
      secured.load(new StringReader(filled(page.block("server.properties"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    secured.put(
        "listeners",
        plain.replace("PLAINTEXT://", "SASL_SSL://") + ",SSL://127.0.0.1:" + certificatePort);
    return secured;
  }

  private String filled(String block) {
    return block.replace("${dir}", dir.toString()).replace("${STORE_PASSWORD}", STORE_PASSWORD);
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(dir.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String password(String user) {
    return "secret-of-" + user;
  }
}
