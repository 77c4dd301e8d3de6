package io.afina.cli.backbone;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.card.CardWriter;
import io.afina.cli.option.TerminalText;
import io.afina.cli.option.Verbosity;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the card of a backbone. */
@Command(
    name = "card",
    header = "Show the card of a backbone, or write it from what a model hub's files say.",
    description = {
      "Beside an .onnx or .pt file: its card, else preprocessor_config.json of Hugging Face or config.json of timm.",
      "Engine, output, embedding size and SHA-256 are measured; the licence is the README's or the configuration's."
    })
final class BackboneCardCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "A network, or a folder that holds one, or that has one in its folder onnx.")
  private String address = "";

  @Option(names = "--write", description = "Writes it beside the file, as FILE.json.")
  private boolean write;

  @Override
  public void run() {
    Verbosity.quiet();
    Path path = Path.of(address);
    Backbone backbone =
        new BackboneResolver()
            .resolve(Files.isDirectory(path) ? network(path).toString() : address);
    String card = CardWriter.write(backbone.card());
    TerminalText.print(spec, List.of(card.strip()));
    if (write) {
      write(Path.of(backbone.file() + ".json"), card);
    }
  }

  /** The only network of a folder. */
  private static Path network(Path folder) {
    List<Path> networks =
        Stream.of(folder, folder.resolve("onnx")).flatMap(BackboneCardCommand::networks).toList();
    if (networks.size() != 1) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          networks.isEmpty()
              ? "%s holds no .onnx or .pt file: give the folder that does".formatted(folder)
              : "%s holds several networks: give one of %s".formatted(folder, networks));
    }
    return networks.get(0);
  }

  private static Stream<Path> networks(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".onnx") || file.toString().endsWith(".pt"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AfinaException(ExitCode.NOT_FOUND, "cannot read %s: %s".formatted(folder, e), e);
    }
  }

  private void write(Path file, String card) {
    if (Files.exists(file)) {
      throw new AfinaException(
          ExitCode.USAGE, "there is a card already, %s: remove it first".formatted(file));
    }
    try {
      Files.writeString(file, card);
    } catch (IOException e) {
      throw new AfinaException(ExitCode.FAILURE, "cannot write %s: %s".formatted(file, e), e);
    }
  }
}
