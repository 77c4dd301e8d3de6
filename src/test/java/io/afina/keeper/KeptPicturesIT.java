package io.afina.keeper;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Child;
import io.afina.backbone.PictureEmbedder;
import io.afina.broker.TestBroker;
import io.afina.cli.service.ClassifierService;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.lifecycle.Closer;
import io.afina.metrics.Traces;
import io.afina.replay.LabelledPicture;
import io.afina.topic.ReadyTopics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kept pictures over a real broker. */
@SuppressWarnings("try") // What runs is not asked.
class KeptPicturesIT {

  private static final String NEWER = "cd".repeat(32);
  private static final int PICTURES = Integer.getInteger("afina.kept", 40);

  @TempDir Path folder;

  private final Closer closer = new Closer();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger starts = new AtomicInteger();
  private TestBroker broker;
  private KeptTopics topics;

  @BeforeEach
  void start() {
    broker = closer.own(TestBroker.startFresh());
    topics = new KeptTopics(loader().load());
    ReadyTopics.apply(topics.config());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldKeepOnePictureForEachLabelAndChangeTheLabelOfAnyImageLater() throws Exception {
    // given
    List<LabelledPicture> drawn = LabelledPicture.drawn(1, PICTURES);
    Set<String> ids = drawn.stream().map(LabelledPicture::id).collect(Collectors.toSet());
    topics.publish(drawn);
    topics.correct(ids, "bee");

    // when: it is stopped in the middle; the other one has to restore its stores
    try (ClassifierService classifier = classifier()) {
      topics.awaitPictures("some pictures", kept -> kept.size() > PICTURES / 4);
    }
    try (ClassifierService classifier = classifier("classifier.embeddingRetention", "3s")) {
      topics.awaitPictures("every picture", kept -> kept.keySet().equals(ids));
      List<String> some = ids.stream().sorted().limit(5).toList();
      topics.correct(ids, "wasp");
      topics.awaitExamples("other labels", all -> labels(all).equals(Set.of("wasp")));
      topics.correct(some, null);
      topics.awaitPictures(
          "no pictures of some",
          kept -> some.stream().allMatch(id -> kept.getOrDefault(id, List.of()).size() == 2));

      // then
      assertThat(topics.pictures())
          .allSatisfy(
              (id, kept) -> {
                assertThat(kept.get(0)).isNotNull();
                assertThat(kept).hasSize(some.contains(id) ? 2 : 1);
                assertThat(kept.get(kept.size() - 1) == null).isEqualTo(some.contains(id));
              });
      assertThat(topics.examples()).doesNotContainKeys(some.toArray(String[]::new));
    }
  }

  @Test
  void shouldKeepThePictureThatAnEventReferredToOnceTheEventIsGone() throws Exception {
    // given
    List<LabelledPicture> drawn = LabelledPicture.drawn(2, 2);
    Path file = Files.write(folder.resolve("a.jpg"), drawn.get(0).bytes().get());
    topics.refer("there", file.toUri().toString());
    topics.publish(drawn.subList(1, 2));

    try (ClassifierService classifier = classifier()) {
      topics.awaitPredictions(2);

      // when
      topics.deleteAllOf(TOPICS.images());
      topics.correct(List.of(drawn.get(1).id(), "there"), "bee");

      // then
      topics.awaitPictures("the picture", kept -> kept.containsKey("there"));
      topics.awaitCount(meters, "keep", "gone", 1);
      assertThat(topics.pictures()).containsOnlyKeys("there");
    }
  }

  @Test
  void shouldKeepThePicturesOfWhatAnEarlierVersionLabelled() throws Exception {
    // given: examples that do not say where their pictures are
    List<LabelledPicture> drawn = LabelledPicture.drawn(3, 10);
    topics.publish(drawn);
    topics.correct(drawn.stream().map(LabelledPicture::id).toList(), "bee");
    try (ClassifierService classifier = classifier("pictures.kept", "false")) {
      topics.awaitExamples("the examples", all -> all.size() == 10);
    }
    Map<String, TrainingExample> examples = topics.examples();
    topics.makeAnew(TOPICS.training());
    topics.write(
        examples.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    each ->
                        new TrainingExample(
                            each.getValue().label(),
                            "mia",
                            each.getValue().at(),
                            each.getValue().embedding()))));

    // when
    try (ClassifierService classifier = classifier()) {
      // then
      topics.awaitPictures("every picture", kept -> kept.size() == 10);
      assertThat(topics.pictures()).allSatisfy((id, kept) -> assertThat(kept).hasSize(1));
    }
  }

  @Test
  void shouldEmbedKeptPicturesWithAWantedBackboneAndDropThatWhichIsFinished() throws Exception {
    // given
    List<LabelledPicture> drawn = LabelledPicture.drawn(4, 20);
    List<String> ids = drawn.stream().map(LabelledPicture::id).toList();
    topics.publish(drawn);
    topics.correct(ids, "bee");
    try (ClassifierService classifier = classifier()) {
      topics.awaitPictures("every picture", kept -> kept.size() == 20);
      topics.deleteAllOf(TOPICS.images());
      String older = classifier.backbone().id();

      // when: two members of the group
      try (KeptPictures one = keeper(Set.of(NEWER), Set.of());
          KeptPictures two = keeper(Set.of(NEWER), Set.of())) {
        topics.awaitExamples("both embeddings", all -> backbones(all, older, NEWER) == 20);
        topics.correct(ids.subList(0, 1), "wasp");
        topics.awaitExamples("another label", all -> labels(all).size() == 2);
      }

      // then: of both, whatever comes
      assertThat(backbones(topics.examples(), older, NEWER)).isEqualTo(20);
      try (KeptPictures after = keeper(Set.of(NEWER), Set.of(older))) {
        topics.awaitExamples("one embedding", all -> backbones(all, NEWER) == 20);
      }

      // and: who wants it again begins anew
      try (KeptPictures gone = keeper(Set.of(), Set.of(NEWER))) {
        topics.awaitRewound(KeptPictures.embeddingGroup(topics.config(), NEWER));
      }
      try (KeptPictures again = keeper(Set.of(NEWER), Set.of())) {
        topics.awaitCount(meters, "embed", "sent", 40);
      }

      // and: so does who wants the one with which the images were classified
      try (KeptPictures back = keeper(Set.of(older), Set.of())) {
        topics.awaitExamples("both again", all -> backbones(all, NEWER, older) == 20);
      }
    }
  }

  @Test
  @Tag("nightly")
  void shouldKeepOnePictureForEachLabelHoweverOftenTheClassifierIsKilled() throws Exception {
    // given
    List<LabelledPicture> drawn = LabelledPicture.drawn(5, 600);
    Set<String> ids = drawn.stream().map(LabelledPicture::id).collect(Collectors.toSet());
    topics.publish(drawn);
    topics.correct(ids, "bee");

    // when
    for (int kill = 1; kill <= 5; kill++) {
      int until = kill * 100;
      Child classifier = child();
      topics.awaitPictures("%d pictures".formatted(until), kept -> kept.size() >= until);
      classifier.kill();
    }
    child();

    // then
    topics.awaitPictures("every picture", kept -> kept.keySet().equals(ids));
    topics.awaitCommitted();
    assertThat(topics.pictures()).allSatisfy((id, kept) -> assertThat(kept).hasSize(1));
  }

  private Child child() {
    return closer.own(
        Child.start(
            folder,
            "classify",
            "-b",
            broker.bootstrapServers(),
            "--state-dir",
            folder.resolve("child").toString()));
  }

  private static Set<String> labels(Map<String, TrainingExample> examples) {
    return examples.values().stream().map(TrainingExample::label).collect(Collectors.toSet());
  }

  /** How many examples have embeddings of these backbones and of no other. */
  private static long backbones(Map<String, TrainingExample> examples, String... backbones) {
    return examples.values().stream()
        .map(example -> example.embeddings().stream().map(Embedding::backbone).toList())
        .filter(List.of(backbones)::equals)
        .count();
  }

  private KeptPictures keeper(Set<String> wanted, Set<String> finished) {
    return new KeptPictures(
        topics.config(),
        meters,
        new KeptPictures.Backbones() {

          @Override
          public Set<String> wanted() {
            return wanted;
          }

          @Override
          public Set<String> finished() {
            return finished;
          }

          @Override
          public Optional<PictureEmbedder> embedder(String backbone) {
            Embedding embedding = new Embedding(backbone, new float[] {1, 2});
            return Optional.of(
                (picture, contentType) -> new PictureEmbedder.Embedded(embedding, 0, 0));
          }
        });
  }

  private ClassifierService classifier() {
    return classifier("pictures.kept", "true");
  }

  /** With stores of its own, which it has to restore. */
  private ClassifierService classifier(String key, String value) {
    AfinaConfig config =
        loader()
            .set(key, value)
            .set("classifier.stateDir", folder.resolve("state-" + starts.incrementAndGet()))
            .load();
    return new ClassifierService(config, meters, Traces.off(), swap -> {});
  }

  private ConfigLoader loader() {
    return ConfigLoader.defaults()
        .set("kafka.bootstrap.servers", broker.bootstrapServers())
        .set("classifier.threads", 1)
        .set("backbone.upgradeRate", 1_000)
        .set("pictures.sources", folder.toUri().toString());
  }
}
