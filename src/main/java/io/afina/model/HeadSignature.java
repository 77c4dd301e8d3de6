package io.afina.model;

import io.afina.event.SafeTensors;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Defines the signature of a head: its algorithm, the bytes that it covers, its keys in PEM. */
final class HeadSignature {

  static final String ALGORITHM = "Ed25519";

  /** The key of the signature, in Base64, in the metadata of a head file. */
  static final String METADATA = "signature";

  private HeadSignature() {}

  /**
   * Returns the bytes that are signed: the form, the card, which holds the version, and every
   * tensor with its name, type and shape, each with its length before it, so that nothing can move
   * from one to another.
   */
  static byte[] content(SafeTensors file) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    add(content, file.require("format"));
    add(content, file.require("card"));
    file.tensors()
        .forEach(
            (name, tensor) -> {
              add(content, name);
              add(content, tensor.type() + " " + tensor.shape());
              add(content, tensor.data());
            });
    return content.toByteArray();
  }

  /**
   * Reads the keys of a kind from a PEM file (RFC 7468), each in its DER encoding. Not by
   * BouncyCastle, whose first use takes seconds of a classifier's start.
   *
   * @param kind such as {@code PUBLIC KEY}
   * @throws AfinaException when the file cannot be read, or has none
   */
  static List<byte[]> keys(Path file, String kind) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION, "cannot read the key file %s: %s".formatted(file, e), e);
    }
    List<byte[]> keys =
        Pattern.compile("(?s)-----BEGIN %1$s-----(.*?)-----END %1$s-----".formatted(kind))
            .matcher(text)
            .results()
            .map(found -> Base64.getMimeDecoder().decode(found.group(1)))
            .toList();
    if (keys.isEmpty()) {
      throw new AfinaException(
          ExitCode.CONFIGURATION, "%s has no %s in PEM form".formatted(file, kind));
    }
    return keys;
  }

  private static void add(ByteArrayOutputStream to, byte[] bytes) {
    to.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    to.writeBytes(bytes);
  }

  private static void add(ByteArrayOutputStream to, String text) {
    add(to, text.getBytes(StandardCharsets.UTF_8));
  }
}
