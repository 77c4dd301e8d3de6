package io.afina.cli.option;

import io.afina.config.ConfigLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the key that signs heads. */
public final class SigningOption {

  @Option(
      names = "--signing-key",
      paramLabel = "FILE",
      description =
          "PEM with an Ed25519 private key (openssl genpkey -algorithm ed25519); heads are signed with it.")
  private @Nullable String key;

  public ConfigLoader set(ConfigLoader loader) {
    return loader.set("trainer.signingKey", key);
  }
}
