package io.afina.model;

import io.afina.event.SafeTensors;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadRefusedException.Refusal;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures of heads with the public keys that a classifier trusts. There may be
 * several, so that one can replace another: a classifier trusts both until every head that may
 * still answer is signed with the new one.
 */
public record TrustedKeys(List<PublicKey> keys) {

  /** Trusts every head, signed or not. */
  public static TrustedKeys anybody() {
    return new TrustedKeys(List.of());
  }

  /**
   * Reads the public keys.
   *
   * @param file PEM with one public key or several, or null to trust every head
   * @throws AfinaException when the file has no key, or one that is not Ed25519
   */
  public static TrustedKeys read(@Nullable String file) {
    if (file == null) {
      return anybody();
    }
    try {
      List<PublicKey> keys = new ArrayList<>();
      for (byte[] key : HeadSignature.keys(Path.of(file), "PUBLIC KEY")) {
        keys.add(
            KeyFactory.getInstance(HeadSignature.ALGORITHM)
                .generatePublic(new X509EncodedKeySpec(key)));
      }
      return new TrustedKeys(List.copyOf(keys));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "%s has a key that is not an Ed25519 public key; openssl pkey -in PRIVATE -pubout writes one"
              .formatted(file),
          e);
    }
  }

  /**
   * Verifies the signature of a head file.
   *
   * @throws HeadRefusedException when it is unsigned, or signed by none of the keys
   */
  void check(SafeTensors file) throws HeadRefusedException {
    if (keys.isEmpty()) {
      return;
    }
    String signature = file.metadata().get(HeadSignature.METADATA);
    if (signature == null) {
      throw new HeadRefusedException(
          Refusal.UNSIGNED,
          "the head is not signed, and this classifier asks for a signature: train with --signing-key, or sign it by 'afina models promote VERSION --signing-key FILE'");
    }
    byte[] content = HeadSignature.content(file);
    if (keys.stream().noneMatch(key -> verifies(key, content, signature))) {
      throw new HeadRefusedException(
          Refusal.FORGED,
          "the head's signature is that of none of the %d keys that are trusted here: it was forged or changed, or its key is missing from --verify-key"
              .formatted(keys.size()));
    }
  }

  private static boolean verifies(PublicKey key, byte[] content, String base64) {
    try {
      Signature signature = Signature.getInstance(HeadSignature.ALGORITHM);
      signature.initVerify(key);
      signature.update(content);
      return signature.verify(Base64.getDecoder().decode(base64));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false; // not even the form of a signature
    }
  }
}
