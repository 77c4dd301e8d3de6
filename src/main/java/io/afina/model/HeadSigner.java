package io.afina.model;

import io.afina.event.SafeTensors;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs heads with Ed25519 (RFC 8032). {@code openssl genpkey -algorithm ed25519} makes a key. */
public final class HeadSigner {

  private final PrivateKey key;

  private HeadSigner(PrivateKey key) {
    this.key = key;
  }

  /**
   * Reads the signing key.
   *
   * @param file PEM with one PKCS #8 private key, or null to sign nothing
   * @throws AfinaException when the file has no such key
   */
  public static Optional<HeadSigner> read(@Nullable String file) {
    if (file == null) {
      return Optional.empty();
    }
    try {
      byte[] pkcs8 = HeadSignature.keys(Path.of(file), "PRIVATE KEY").get(0);
      return Optional.of(
          new HeadSigner(
              KeyFactory.getInstance(HeadSignature.ALGORITHM)
                  .generatePrivate(new PKCS8EncodedKeySpec(pkcs8))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "%s has no Ed25519 private key; openssl genpkey -algorithm ed25519 -out %s makes one"
              .formatted(file, file),
          e);
    }
  }

  /** Returns the signature of a head file in Base64. */
  String sign(SafeTensors file) {
    try {
      Signature signature = Signature.getInstance(HeadSignature.ALGORITHM);
      signature.initSign(key);
      signature.update(HeadSignature.content(file));
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read cannot sign", e);
    }
  }
}
