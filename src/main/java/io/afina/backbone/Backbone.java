package io.afina.backbone;

import io.afina.backbone.card.BackboneCard;
import io.afina.backbone.card.BackboneEngine;
import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;

/**
 * A frozen, pre-trained network whose file was checked against its card.
 *
 * @param file the network, TorchScript or ONNX
 * @param card what it wants and gives
 * @param id its identity: the SHA-256 of the file in lower-case hex
 */
public record Backbone(Path file, BackboneCard card, String id) {

  /**
   * A file with its card.
   *
   * @throws AfinaException when the file cannot be read, or is not the one that the card describes
   */
  static Backbone of(Path file, BackboneCard card) {
    BackboneEngine engine = BackboneEngine.ofFile(file.getFileName().toString());
    if (engine != card.engine()) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "the card of %s says that %s runs it, but %s files are for %s: correct the card's engine"
              .formatted(file, card.engine().djlName(), engine.extension(), engine.djlName()));
    }
    String id = sha256(file);
    if (!id.equals(card.sha256())) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "the backbone %s has SHA-256 %s and its card says %s: take the file that belongs to the card, or correct the card"
              .formatted(file, id, card.sha256()));
    }
    return new Backbone(file, card, id);
  }

  /** The SHA-256 of a file in lower-case hex. */
  static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest = new DigestInputStream(in, Sha256.newDigest())) {
      digest.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "cannot read the backbone %s (%s): make it readable, or name another with --backbone"
              .formatted(file, e),
          e);
    }
  }
}
