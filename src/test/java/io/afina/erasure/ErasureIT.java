package io.afina.erasure;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.cli.Afina;
import io.afina.cli.service.ClassifierService;
import io.afina.lifecycle.ExitCode;
import io.afina.replay.LabelledPicture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Erasing an image by the command, from a classifier with everything that there may be of it. */
@SuppressWarnings("try") // What runs is not asked.
class ErasureIT extends ErasureTestBase {

  @Test
  void shouldEraseWhateverThereIsOfAnImageAndSayWhatIsLeft() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();
      assertThat(run("erase", "--image", GONE, "--check"))
          .contains("images: 2 records", "training: ", "labelled-changelog: ", "dead-letters: 1 ")
          .doesNotContain("erased;");

      // when
      String erased = run("erase", "--image", GONE, "--older", "--yes");

      // then
      assertThat(erased.substring(erased.indexOf("erased;")))
          .contains("training: ", "pictures: ", "gone once Kafka has compacted")
          .doesNotContain("\nimages: ", "\ncorrections: ", "\ndead-letters: ", "\nstrays: ");
      assertThat(last(TOPICS.training(), GONE)).isNull();
      assertThat(last(TOPICS.pictures(), GONE)).isNull();
      assertThat(last(TOPICS.training(), OTHER)).isNotNull();
      assertThat(last(TOPICS.pictures(), OTHER)).isNotNull();
    }
  }

  @Test
  @Tag("nightly")
  void shouldLeaveNothingThatAReaderOfAllTopicsFindsAfterCompaction() throws Exception {
    try (ClassifierService classifier = classifier()) {
      // given
      publishAndLabel();

      // when: others come meanwhile, each of which waits for its image
      run("erase", "--image", GONE, "--older", "--yes");
      compactSoon();
      List<String> others = new ArrayList<>();
      await("compaction")
          .atMost(PATIENCE)
          .until(
              () -> {
                String other = "other-%d.jpg".formatted(others.size());
                others.add(other);
                run("correct", other, "bee");
                Path file = Files.createDirectories(folder.resolve(other)).resolve(other);
                Files.write(file, LabelledPicture.drawn(others.size(), 1).get(0).bytes().get());
                run("publish", file.toString());
                return topicsWith(GONE).isEmpty();
              });

      // then
      assertThat(topicsWith(OTHER)).contains(TOPICS.training().name(), TOPICS.pictures().name());
    }
  }

  @Test
  void shouldSayThatNobodyForgetsWhileNoClassifierRuns() {
    // given
    StringWriter err = new StringWriter();

    // when
    int exit =
        Afina.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute(
                "erase",
                "--image",
                GONE,
                "--yes",
                "--patience",
                "1",
                "-b",
                broker.bootstrapServers());

    // then
    assertThat(exit).isEqualTo(ExitCode.STALLED.code());
    assertThat(err.toString()).contains("have not read [strays]", "see that they run");
  }

  private void compactSoon() throws Exception {
    Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
    try (Admin admin = Admin.create(Map.copyOf(config.kafka()))) {
      for (String topic : admin.listTopics().names().get()) {
        all.put(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            Stream.of(
                    new ConfigEntry("segment.ms", "100"),
                    new ConfigEntry("min.cleanable.dirty.ratio", "0"),
                    new ConfigEntry("delete.retention.ms", "0"))
                .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                .toList());
      }
      all.put(
          new ConfigResource(ConfigResource.Type.BROKER, ""),
          List.of(
              new AlterConfigOp(
                  new ConfigEntry("log.cleaner.backoff.ms", "100"), AlterConfigOp.OpType.SET)));
      admin.incrementalAlterConfigs(all).all().get();
    }
  }
}
