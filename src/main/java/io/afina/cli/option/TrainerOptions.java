package io.afina.cli.option;

import io.afina.config.ConfigLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that train heads. */
public final class TrainerOptions {

  @Option(
      names = "--head",
      paramLabel = "auto|means|dense|kernel|hidden",
      description = "The form of heads; default: auto, the one that does best in a race.")
  private @Nullable String head;

  @Option(
      names = "--head-hidden",
      paramLabel = "N",
      description =
          "Width of the hidden form's layer; 0 leaves that form out of races; default: 1024.")
  private @Nullable Integer hidden;

  @Option(
      names = "--train-every",
      paramLabel = "N",
      description = "Train as soon as N examples are new; default: 16.")
  private @Nullable Integer minNewExamples;

  @Option(
      names = "--consensus",
      paramLabel = "last|majority:K",
      description =
          "Whose word is an image's label: the last one's, or that of K labellers who agree; default: last.")
  private @Nullable String consensus;

  @Option(
      names = "--train-on-drift",
      description =
          "Train on fewer new examples while many pictures are unlike all that was trained on; see trainer.drift… in the configuration.")
  private @Nullable Boolean trainOnDrift;

  @Mixin private SigningOption signing = new SigningOption();

  public ConfigLoader set(ConfigLoader loader) {
    return signing
        .set(loader)
        .set("trainer.head", head)
        .set("trainer.hidden", hidden)
        .set("trainer.minNewExamples", minNewExamples)
        .set("trainer.consensus", consensus)
        .set("trainer.trainOnDrift", trainOnDrift);
  }
}
