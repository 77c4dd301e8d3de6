package io.afina.classifier.join;

import io.afina.classifier.ClassifierRunner;
import io.afina.classifier.TextEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** A classifier of texts as a process of its own, which a test can kill. */
final class TextClassifier {

  /** What it prints once it runs. */
  static final String RUNS = "the classifier of texts runs";

  private TextClassifier() {}

  /** Arguments: the broker, its instance id, and its folder for state. */
  public static void main(String[] args) {
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", args[0])
            .set("classifier.instanceId", args[1])
            .set("classifier.stateDir", args[2])
            .set("classifier.threads", 2)
            .load();
    HeadSlot heads = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());
    try (ClassifierRunner runner =
        new ClassifierRunner(
            config, new TextEmbedder(), heads, new SimpleMeterRegistry(), Traces.off())) {
      runner.running().join();
      System.out.println(RUNS);
      runner.ended().join();
    }
  }
}
