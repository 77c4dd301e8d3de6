package io.afina.cli.backbone;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.cli.models.ModelRegistry;
import io.afina.cli.option.AuthorOptions;
import io.afina.cli.option.ClusterOptions;
import io.afina.cli.option.TerminalText;
import io.afina.config.AfinaConfig;
import io.afina.event.BackboneRecord;
import io.afina.kafka.ClassifierMembers;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks running classifiers for another backbone, or gives one up. */
@Command(
    name = "upgrade",
    header = "Replace the backbone of running classifiers, without a gap.",
    description = {
      "Classifiers load it beside the one that answers, labelled pictures are embedded anew, and a head is trained on them.",
      "Once that is promoted, by the gate or by hand, backbone and head are swapped in one step; 'afina models rollback' brings both back."
    })
final class BackboneUpgradeCommand implements Runnable {

  private static final int POLL_SECONDS = 2;

  @Mixin private ClusterOptions cluster;

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(
      names = "--wait",
      description = "Wait until all classifiers have loaded it; says meanwhile who has not.")
  private boolean wait;

  @Mixin private AuthorOptions author = new AuthorOptions();

  @Spec private CommandSpec spec;

  /** One of these. */
  static final class What {

    @Parameters(
        paramLabel = "ADDRESS",
        description =
            "The backbone, as --backbone takes it: where every classifier finds it, and this command too.")
    private @Nullable String address;

    @Option(
        names = "--finish",
        description =
            "Give up the backbone that answered before: it is unloaded, and its embeddings are dropped.")
    private boolean finish;

    @Option(
        names = "--cancel",
        description = "Give up the backbone that is wanted and does not answer yet.")
    @SuppressWarnings("UnusedVariable") // One of three must be given: it is what is left.
    private boolean cancel;
  }

  @Override
  public void run() {
    AfinaConfig config = cluster.config();
    if (what.address == null) {
      giveUp(config);
    } else {
      upgrade(config, what.address);
    }
  }

  private void giveUp(AfinaConfig config) {
    ModelRegistry.write(
        config,
        (writer, models) -> {
          RegistryChange change = new RegistryChange(models, author.who(), author.why());
          Map<String, BackboneRecord> given = what.finish ? change.finish() : change.cancel();
          writer.backbones(given);
          given
              .values()
              .forEach(backbone -> print(TerminalText.text(backbone.name()) + " is given up"));
        });
  }

  private void upgrade(AfinaConfig config, String address) {
    Backbone backbone = check(config, address);
    try (ClassifierMembers group = new ClassifierMembers(config)) {
      ModelRegistry.write(
          config,
          (writer, models) ->
              writer.backbones(
                  new RegistryChange(models, author.who(), author.why())
                      .want(backbone, BackboneResolver.absolute(address), group.read())));
      print(
          "%s (%.12s) is wanted; 'afina backbone status' shows how far it is"
              .formatted(TerminalText.text(backbone.card().name()), backbone.id()));
      if (wait) {
        awaitAll(group, backbone.id());
      }
    }
  }

  /** What does not run here would run nowhere. */
  private static Backbone check(AfinaConfig config, String address) {
    Backbone backbone = new BackboneResolver(config.backbone()).resolve(address);
    BackboneModel.load(backbone, config.backbone().engineThreads(), "cpu").close();
    return backbone;
  }

  private void awaitAll(ClassifierMembers group, String backbone) {
    Map<String, String> said = Map.of();
    Map<String, String> without = group.without(backbone);
    while (!without.isEmpty()) {
      if (!without.equals(said)) {
        without.forEach(
            (member, reason) ->
                print(
                    "waits for %s: %s"
                        .formatted(TerminalText.text(member), TerminalText.text(reason))));
        said = without;
      }
      pause();
      without = group.without(backbone);
    }
    print("all classifiers have loaded it");
  }

  private static void pause() {
    try {
      var unused = new CountDownLatch(1).await(POLL_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AfinaException(ExitCode.FAILURE, "interrupted while waiting", e);
    }
  }

  private void print(String line) {
    TerminalText.print(spec, List.of(line));
  }
}
