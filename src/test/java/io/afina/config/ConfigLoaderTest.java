package io.afina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  private static final ClassifierConfig CLASSIFIER =
      new ClassifierConfig(
          "afina-classifier",
          null,
          false,
          0,
          "exactly_once_v2",
          Duration.ofMillis(50),
          Duration.ofMillis(250),
          0,
          Duration.ofMillis(5),
          0,
          3,
          Duration.ofDays(7),
          Duration.ofDays(1),
          "ce_*",
          16_384,
          null,
          Duration.ofSeconds(30),
          null,
          96_000_000,
          null);

  private static final TrainerConfig TRAINER =
      new TrainerConfig(
          "afina-trainer",
          16,
          Duration.ofSeconds(1),
          TrainerConfig.HeadForm.AUTO,
          1024,
          17,
          1,
          1000,
          0.2,
          0,
          0.05,
          TrainerConfig.Promote.GATE,
          50,
          30,
          false,
          100,
          0.05,
          "last",
          TrainerConfig.SuspectUse.KEEP,
          null,
          "auto",
          false,
          0.3,
          200,
          8,
          Duration.ofMinutes(1));

  private static final LabellingConfig LABELLING =
      new LabellingConfig(
          "127.0.0.1",
          8080,
          "afina-labelling",
          null,
          Duration.ofMinutes(2),
          2000,
          8,
          10_000,
          0,
          List.of(),
          0,
          Duration.ofDays(7),
          500_000,
          10_000,
          64_000_000,
          20_000,
          Duration.ofHours(12),
          50,
          10,
          64_000,
          20_000_000,
          null,
          null,
          null,
          "127.0.0.1,::1",
          "labeller");

  @Test
  void shouldHaveTheseDefaults() {
    assertThat(ConfigLoader.defaults().load())
        .isEqualTo(
            new AfinaConfig(
                Map.of("bootstrap.servers", "localhost:9092"),
                new Topics(""),
                new BackboneConfig(
                    null, null, null, Duration.ofMinutes(30), 4_000_000_000L, false, 1, "auto", 20),
                new PicturesConfig(
                    20_000_000,
                    100_000_000,
                    1000,
                    1000,
                    0,
                    384_000_000,
                    List.of(),
                    false,
                    null,
                    Duration.ofSeconds(5),
                    64,
                    true,
                    384,
                    85,
                    50),
                CLASSIFIER,
                new ReviewConfig(0.05, 0.02, 0.02, 0.01, 0.1, 10, 8, 0.95, 0.95, 64, 17),
                TRAINER,
                new DecideConfig(null, Map.of()),
                LABELLING,
                new StartupConfig(Duration.ofMinutes(1)),
                new ManagementConfig("127.0.0.1", null, null)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "classifier.busyCommitInterval | 49ms | busyCommitInterval is PT0.049S | commitInterval",
        "trainer.interval | soon | trainer.interval | 100ms",
        "trainer.interval | 0s | trainer.interval | longer than nothing",
        "trainer.minNewExamples | 0 | trainer.minNewExamples is 0 | 1 or more",
        "trainer.minNewExamples | many | trainer.minNewExamples | many",
        "classifier.storeCacheBytes | 1000 | storeCacheBytes is 1000 | 16000000 or more",
        "classifier.guarantee | maybe | classifier.guarantee is maybe | exactly_once_v2",
        "pictures.maxKeyBytes | 10001 | pictures.maxKeyBytes is 10001 | 10,000",
        "pictures.maxPixels | 2000000000 | pictures.maxPixels is 2000000000 | 1,000,000,000",
        "kafka.group.id | mine | kafka.group.id | manages it itself",
        "kafka.bootstrap.servers | '' | kafka.bootstrap.servers | host:port",
        "trainer.holdoutShare | 0.7 | trainer.holdoutShare is 0.7 | between 0 and 0.5",
        "trainer.maxLabelRegression | 5 | trainer.maxLabelRegression is 5 | between 0 and 1",
        "trainer.minExamplesPerLabel | 0 | trainer.minExamplesPerLabel is 0 | 1 or more",
        "trainer.consensus | some | trainer.consensus is some | majority:K",
        "trainer.driftShare | 0 | trainer.driftShare is 0 | more than 0",
        "trainer.driftWindow | 5 | trainer.driftWindow is 5 | between 20 and 100,000",
        "trainer.promote | maybe | trainer.promote | gate",
        "decide.precision | 1 | decide.precision is 1.0 | between 0.5 and 0.999",
        "review.audit | 2 | review.audit is 2 | between 0 and 1",
        "review.recent | -1 | review.recent is -1 | between 0 and 10,000",
        "management.port | 70000 | management.port is 70000 | 65,535",
        "labelling.lease | 0s | labelling.lease | longer than nothing",
        "labelling.tlsKey | key.pem | labelling.tlsKey is key.pem | labelling.tlsCertificate",
        "labelling.trustedRole | king | labelling.trustedRole is king | reviewer",
        "trainer.colour | red | colour | trainer",
        "colour | red | colour is no key | trainer",
        "nowhere.colour | red | nowhere.colour is no key | kafka"
      })
  void shouldNameTheKeyTheValueAndWhatWouldBeRight(
      String key, String value, String first, String second) {
    assertThatThrownBy(() -> ConfigLoader.defaults().set(key, value).load())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(first)
        .hasMessageContaining(second);
  }

  @ParameterizedTest
  @ValueSource(strings = {"backbone.device", "trainer.device"})
  void shouldSayHowADeviceIsWritten(String key) {
    assertThatThrownBy(() -> ConfigLoader.defaults().set(key, "cuda:0").load())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "%s is cuda:0: it must be auto, cpu or a GPU by its number, such as gpu:0", key);
  }

  @Test
  void shouldTakeAListFromAFileAndFromTheCommandLine(@TempDir Path folder) throws IOException {
    // given
    Path file =
        Files.writeString(
            folder.resolve("my.yaml"), "pictures:\n  sources:\n    - s3://a/\n    - s3://b/\n");

    // then
    assertThat(ConfigLoader.defaults().file(file).load().pictures().sources())
        .containsExactly("s3://a/", "s3://b/");
    assertThat(
            ConfigLoader.defaults()
                .set("pictures.sources", "s3://a/, s3://b/")
                .load()
                .pictures()
                .sources())
        .containsExactly("s3://a/", "s3://b/");
  }

  @Test
  void shouldWantRoomForSomePicturesAhead() {
    assertThatThrownBy(() -> ConfigLoader.defaults().set("classifier.aheadBytes", 1000).load())
        .hasMessageContaining("classifier.aheadBytes is 1000")
        .hasMessageContaining("16000000 or more");
  }

  @Test
  void shouldPutThePrefixOnNamesThatNobodyChose(@TempDir Path folder) {
    // given
    ConfigLoader loader =
        ConfigLoader.defaults()
            .set("topics.prefix", "a.")
            .set("trainer.group", "teachers")
            .set("labelling.group", "${topics.prefix}askers");
    Path file = folder.resolve("afina.yaml");

    // when
    AfinaConfig config = loader.load();
    loader.set("topics.prefix", "b.").save(file);
    AfinaConfig saved = ConfigLoader.defaults().file(file).load();

    // then
    assertThat(config.topics().images().name()).isEqualTo("a.images");
    assertThat(config.classifier().applicationId()).isEqualTo("a.afina-classifier");
    assertThat(config.trainer().group()).isEqualTo("teachers");
    assertThat(config.labelling().group()).isEqualTo("a.askers");
    assertThat(saved.classifier().applicationId()).isEqualTo("b.afina-classifier");
    assertThat(saved.labelling().group()).isEqualTo("b.askers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "topics.prefix | team a. | 200 letters",
        "topics.prefix | team/a | 200 letters",
        "topics.prefix | afina-classifier-2. | without afina-classifier-",
        "classifier.applicationId | my app | 228 letters",
        "classifier.applicationId | '' | a name"
      })
  void shouldRefuseNamesThatAClusterCannotHave(String key, String value, String right) {
    assertThatThrownBy(() -> ConfigLoader.defaults().set(key, value).load())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(key + " is ")
        .hasMessageContaining(right);
  }

  @Test
  void shouldRefuseASourceOfEventsThatIsNoUri() {
    for (String source : List.of("", "my source", "/" + "s".repeat(300))) {
      assertThatThrownBy(() -> ConfigLoader.defaults().set("classifier.cloudEvents", source).load())
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageStartingWith("classifier.cloudEvents is ")
          .hasMessageContaining("a URI-reference of up to 300 characters");
    }
  }

  @Test
  void shouldTakeThePrefixUpToItsBound() {
    // given
    String longest = "p".repeat(200);

    // when
    AfinaConfig config = ConfigLoader.defaults().set("topics.prefix", longest).load();

    // then
    assertThat(config.classifier().applicationId() + "-embeddings-changelog").hasSizeLessThan(249);
    assertThatThrownBy(() -> ConfigLoader.defaults().set("topics.prefix", longest + "p").load())
        .isInstanceOf(InvalidConfigException.class);
  }

  @Test
  void shouldRefuseAFileThatIsNoMapping(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.yaml"), "- 1\n- 2\n");
    assertThatThrownBy(() -> ConfigLoader.defaults().file(file))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("a.yaml");
    assertThatThrownBy(() -> ConfigLoader.defaults().file(folder.resolve("none.yaml")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("none.yaml");
  }

  @Test
  void shouldReadBackWhatItSaved(@TempDir Path folder) {
    ConfigLoader loader =
        ConfigLoader.defaults().set("trainer.interval", "7s").set("kafka.linger.ms", 3);
    Path file = folder.resolve("afina.yaml");
    loader.save(file);
    assertThat(ConfigLoader.defaults().file(file).load()).isEqualTo(loader.load());
  }
}
