package io.afina.backbone.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.PictureInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the files of a model hub say of a network beside them: {@code preprocessor_config.json} of
 * Hugging Face's Transformers, or {@code config.json} of timm. They do not say which output is the
 * embedding, nor how long it is: that is measured.
 *
 * @param source the file that says it
 * @param name for people
 * @param licence of the weights, as the folder's README or configuration says it
 * @param input what the network wants to see
 * @param family the network's, such as {@code vit}; empty where nothing says it
 */
public record HubCard(Path source, String name, String licence, PictureInput input, String family) {

  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String CONFIG = "config.json";

  /** Where an export has its networks, below the folder of the configuration. */
  private static final String EXPORTS = "onnx";

  /**
   * What is said of a network, in its folder or the one above.
   *
   * @return empty where no file says anything
   * @throws AfinaException when a file says something that Afina cannot honour
   */
  public static Optional<HubCard> beside(Path network) {
    Path folder = folderOf(network);
    Stream<Path> folders =
        folder.endsWith(EXPORTS) ? Stream.of(folder, folderOf(folder)) : Stream.of(folder);
    return folders.flatMap(each -> in(each).stream()).findFirst();
  }

  private static Path folderOf(Path path) {
    return Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
  }

  private static Optional<HubCard> in(Path folder) {
    Path preprocessor = folder.resolve(PREPROCESSOR);
    Path config = folder.resolve(CONFIG);
    if (Files.isRegularFile(preprocessor)) {
      CardFields fields = read(preprocessor);
      Optional<CardFields> network =
          Files.isRegularFile(config) ? Optional.of(read(config)) : Optional.empty();
      return Optional.of(
          new HubCard(
              preprocessor,
              text(network, "_name_or_path").orElse(String.valueOf(folder.getFileName())),
              licence(folder, text(network, "license")),
              PreprocessorConfig.read(fields),
              text(network, "model_type").orElse("")));
    }
    return Files.isRegularFile(config)
        ? Optional.of(read(config)).filter(PretrainedConfig::isOne).map(f -> timm(folder, f))
        : Optional.empty();
  }

  private static HubCard timm(Path folder, CardFields fields) {
    String prefix = PretrainedConfig.prefix(fields);
    return new HubCard(
        folder.resolve(CONFIG),
        text(Optional.of(fields), "architecture").orElse(String.valueOf(folder.getFileName())),
        licence(folder, text(Optional.of(fields), prefix + "license")),
        PretrainedConfig.read(fields, prefix),
        "timm");
  }

  private static Optional<String> text(Optional<CardFields> fields, String key) {
    return fields.filter(f -> f.isText(key)).map(f -> f.text(key));
  }

  /** README.md of a hub begins with a block of YAML, which has it. */
  private static String licence(Path folder, Optional<String> configured) {
    return configured.or(() -> frontMatter(folder.resolve("README.md"))).orElse("unknown");
  }

  private static Optional<String> frontMatter(Path readme) {
    if (!Files.isRegularFile(readme)) {
      return Optional.empty();
    }
    List<String> lines = new String(bytes(readme), UTF_8).lines().toList();
    if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
      return Optional.empty();
    }
    return lines.stream()
        .skip(1)
        .takeWhile(line -> !line.strip().equals("---"))
        .filter(line -> line.startsWith("license:"))
        .map(line -> line.substring("license:".length()).replaceAll("[\"']", "").strip())
        .filter(licence -> !licence.isEmpty())
        .findFirst();
  }

  private static CardFields read(Path file) {
    return CardFields.read(file.toString(), bytes(file));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "cannot read %s (%s): make it readable, or write a card as src/docs/backbones.md shows"
              .formatted(file, e),
          e);
    }
  }
}
