package io.afina.cli.models;

import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.SigningOption;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.ExitCode;
import io.afina.model.ModelWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that move aliases: promote, roll back, pin, unpin. */
final class ModelMoveCommands {

  private ModelMoveCommands() {}

  /** The options that say who moves an alias and why, as it is written into its record. */
  static final class WhyOption {

    @Mixin private ClusterOptions cluster = new ClusterOptions();

    @Option(
        names = "--who",
        paramLabel = "NAME",
        defaultValue = "${sys:user.name}",
        description = "Who does this; default: ${DEFAULT-VALUE}.")
    private String who = "";

    @Option(
        names = "--why",
        paramLabel = "TEXT",
        defaultValue = "by hand",
        description = "One sentence that stays with the alias; default: ${DEFAULT-VALUE}.")
    private String why = "";

    String who() {
      return who;
    }

    String why() {
      return why;
    }

    int write(String done, Consumer<ModelWriter> change) {
      return write(cluster.config(), done, change);
    }

    ConfigLoader loader() {
      return cluster.loader();
    }

    int write(AfinaConfig config, String done, Consumer<ModelWriter> change) {
      ModelRegistry.write(config, (writer, models) -> change.accept(writer));
      System.out.println(done);
      return ExitCode.OK.code();
    }
  }

  @Command(
      name = "promote",
      description = "Lets a head answer; the champion becomes the one before.",
      mixinStandardHelpOptions = true)
  static final class Promote implements Callable<Integer> {

    @Mixin private WhyOption reason;
    @Mixin private SigningOption signing;

    @Parameters(paramLabel = "VERSION")
    private long version;

    @Override
    public Integer call() {
      return reason.write(
          signing.set(reason.loader()).load(),
          "head " + version + " answers",
          writer -> writer.promote(version, reason.who(), reason.why()));
    }
  }

  @Command(
      name = "rollback",
      description =
          "Lets the champion before answer again, and holds it there until 'afina models unpin'.",
      mixinStandardHelpOptions = true)
  static final class Rollback implements Callable<Integer> {

    @Mixin private WhyOption reason;

    @Option(names = "--no-pin", description = "Lets the next training bring another one.")
    private boolean noPin;

    @Override
    public Integer call() {
      return reason.write(
          noPin ? "rolled back" : "rolled back and pinned",
          writer -> writer.rollback(reason.who(), reason.why(), !noPin));
    }
  }

  @Command(
      name = "pin",
      description =
          "Holds the champion: heads are trained, judged and published, and not promoted.",
      mixinStandardHelpOptions = true)
  static final class Pin implements Callable<Integer> {

    @Mixin private WhyOption reason;

    @Override
    public Integer call() {
      return reason.write("pinned", writer -> writer.pin(reason.who(), reason.why()));
    }
  }

  @Command(
      name = "unpin",
      description = "Lets heads be promoted again.",
      mixinStandardHelpOptions = true)
  static final class Unpin implements Callable<Integer> {

    @Mixin private WhyOption reason;

    @Override
    public Integer call() {
      return reason.write("unpinned", writer -> writer.unpin(reason.who(), reason.why()));
    }
  }
}
