package io.afina.cli;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.CudaDriver;
import io.afina.backbone.Embedder;
import io.afina.backbone.card.BackboneEngine;
import io.afina.cli.DoctorReport.Check;
import io.afina.cli.DoctorReport.Engine;
import io.afina.cli.DoctorReport.Machine;
import io.afina.cli.option.BackboneOptions;
import io.afina.cli.option.ConfigOptions;
import io.afina.cli.option.TerminalText;
import io.afina.cli.option.Verbosity;
import io.afina.config.AfinaConfig;
import io.afina.config.BackboneConfig;
import io.afina.event.Json;
import io.afina.picture.tensor.PictureTensor;
import io.afina.trainer.TrainingCheck;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what this machine can compute with, and tries it. */
@Command(
    name = "doctor",
    header =
        "Show the engines, their libraries and the devices that a process sees here, and try them.",
    description = {
      "Trains a head on two examples where trainer.device says, and embeds a picture where backbone.device says; needs no broker.",
      "Exit code 0 if both work, else what the role would end with."
    })
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private BackboneOptions backbone;

  @Option(names = "--json", description = "Print one JSON object instead.")
  private boolean json;

  @Override
  public Integer call() {
    Verbosity.quiet();
    AfinaConfig config = options.loader().set("backbone.address", backbone.address()).load();
    Machine machine = Machine.here();
    print(machine.lines());
    CudaDriver driver = CudaDriver.ask();
    print(DoctorReport.lines(driver));
    List<Engine> engines = new ArrayList<>();
    for (BackboneEngine name : BackboneEngine.values()) {
      Engine engine = Engine.of(name);
      print(List.of(engine.line()));
      engines.add(engine);
    }
    Check training =
        Check.of(
            "trainer.device", config.trainer().device(), () -> TrainingCheck.run(config.trainer()));
    print(List.of(training.line("trains a head")));
    Check embedding =
        Check.of("backbone.device", config.backbone().device(), () -> embed(config.backbone()));
    String name = BackboneResolver.name(config.backbone().address());
    print(List.of(embedding.line("loads %s and embeds a picture".formatted(name))));
    DoctorReport report = new DoctorReport(machine, driver, engines, training, embedding);
    if (json) {
      String text = new String(Json.write(report), StandardCharsets.UTF_8);
      TerminalText.print(spec, List.of(text));
    }
    return report.exitCode().code();
  }

  /** Line by line: libraries that do not fit each other may end the process at the next step. */
  private void print(List<String> lines) {
    if (!json) {
      TerminalText.print(spec, lines.stream().map(TerminalText::text).toList());
    }
  }

  private static String embed(BackboneConfig settings) {
    try (BackboneModel model =
            BackboneModel.load(
                new BackboneResolver(settings).resolve(settings.address()),
                settings.engineThreads(),
                settings.device());
        Embedder embedder = model.newEmbedder()) {
      embedder.embed(new PictureTensor(model.backbone().card().input()));
      return model.device();
    }
  }
}
