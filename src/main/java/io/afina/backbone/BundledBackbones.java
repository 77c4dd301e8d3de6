package io.afina.backbone;

import io.afina.backbone.card.BackboneCard;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Set;

/**
 * Unpacks the backbones inside the jar. The engines read files only, so one is unpacked on its
 * first use into a folder that its hash names; later starts find it there and check it again.
 *
 * @param folder where they are unpacked to
 */
record BundledBackbones(Path folder) {

  private static final Set<String> NAMES = Set.of("small_res_112.onnx", "small_res_112.pt");

  static BundledBackbones temporary() {
    return new BundledBackbones(
        Path.of(System.getProperty("java.io.tmpdir"), "afina-" + System.getProperty("user.name")));
  }

  Backbone unpack(String name) {
    if (!NAMES.contains(name)) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "no backbone bundled:%s comes with Afina: take one of %s"
              .formatted(name, NAMES.stream().sorted().toList()));
    }
    try {
      BackboneCard card = BackboneCard.read("bundled:" + name + ".json", card(name));
      Path file = folder.resolve(card.sha256()).resolve(name);
      if (!Files.exists(file) || !Backbone.sha256(file).equals(card.sha256())) {
        copy(name, file);
      }
      return Backbone.of(file, card);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "cannot unpack the backbone bundled:%s to %s (%s): make room there, or point java.io.tmpdir elsewhere"
              .formatted(name, folder, e),
          e);
    }
  }

  /** Other processes may do the same, or read already: the file appears whole or not at all. */
  private static void copy(String name, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path part = Files.createTempFile(file.getParent(), name, ".part");
    try (InputStream resource = resource(name)) {
      Files.copy(resource, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static byte[] card(String name) throws IOException {
    try (InputStream resource = resource(name + ".json")) {
      return resource.readAllBytes();
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        BundledBackbones.class.getResourceAsStream("/backbones/" + name), name);
  }
}
