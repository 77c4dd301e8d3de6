package io.afina.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.afina.backbone.pool.BackbonePool;
import io.afina.backbone.pool.FakeBackbones;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.Embedding;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Worker;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadFollower;
import io.afina.model.HeadRefusedException.Refusal;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.MemoryModels;
import io.afina.model.MemoryModels.Sent;
import io.afina.model.TrustedKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryBackbonesTest {

  private static final String OLD = "aa";
  private static final String NEW = "bb";
  private static final byte[] PICTURE = "1 2".getBytes(UTF_8);

  private final FakeBackbones files = new FakeBackbones();
  private final MemoryModels models = new MemoryModels();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final HeadMeters headMeters = new HeadMeters(meters, Refusal.texts());
  private final BackbonePool pool = files.pool(OLD);
  private final HeadSlot slot = new HeadSlot(FakeBackbones.id(OLD), 2, TrustedKeys.anybody());
  private final RegistryBackbones backbones = new RegistryBackbones(pool, slot, headMeters);

  @BeforeEach
  void oldAnswers() {
    head(1, OLD);
    champion(1);
  }

  @AfterEach
  void close() {
    backbones.close();
  }

  @Test
  void shouldLoadWhatIsWantedAndGoOnAnswering() throws Exception {
    try (HeadFollower follower = follow()) {
      // when
      say(NEW, State.WANTED);

      // then
      await("the new one").until(() -> pool.loaded().size() == 2);
      assertThat(pool.answering().embed(PICTURE, null).embedding().backbone())
          .isEqualTo(FakeBackbones.id(OLD));
      assertThat(slot.answering()).isEqualTo(FakeBackbones.id(OLD));
      await("the meter").until(() -> gauge("afina.backbone.loaded") == 2);
      assertThat(backbones.wanted()).containsExactly(FakeBackbones.id(NEW));
      assertThat(follower.ended()).isNotDone();
    }
  }

  @Test
  void shouldSwapBackboneAndHeadTogetherAndBack() throws Exception {
    try (HeadFollower follower = follow()) {
      // given
      say(OLD, State.ANSWERING);
      say(NEW, State.WANTED);
      await("the new one").until(() -> pool.loaded().size() == 2);
      head(2, NEW);

      // when
      champion(2);

      // then
      await("the new one").until(() -> answering().equals(FakeBackbones.id(NEW)));
      assertThat(slot.heads(FakeBackbones.id(OLD)).champion().map(Head::version)).contains(1L);
      assertThat(slot.head().map(Head::version)).contains(2L);
      champion(1);
      await("the old one").until(() -> answering().equals(FakeBackbones.id(OLD)));
      assertThat(slot.head().map(Head::version)).contains(1L);
      assertThat(follower.missing()).isEmpty();
    }
  }

  @Test
  void shouldTakeTheHeadOnceItsBackboneIsLoaded() {
    // given
    files.breaks(NEW, new IllegalStateException("no such file"));
    say(NEW, State.ANSWERING);
    head(2, NEW);
    try (HeadFollower follower = follow()) {
      // when
      champion(2);

      // then
      await("the reason").until(() -> gauge("afina.backbone.refused") == 1);
      assertThat(slot.head().map(Head::version)).contains(1L);
      files.breaks(NEW, null);
      await("the new one").until(() -> answering().equals(FakeBackbones.id(NEW)));
      assertThat(follower.ended()).isNotDone();
    }
  }

  @Test
  void shouldUnloadWhatIsGivenUpAndNotWhatAnswers() {
    try (HeadFollower follower = follow()) {
      // given
      say(NEW, State.WANTED);
      await("the new one").until(() -> pool.loaded().size() == 2);
      head(2, NEW);
      champion(2);
      await("the new one").until(() -> answering().equals(FakeBackbones.id(NEW)));

      // when
      say(NEW, State.FINISHED);
      say(OLD, State.FINISHED);

      // then
      await("the old one to leave").until(() -> pool.loaded().size() == 1);
      assertThat(answering()).isEqualTo(FakeBackbones.id(NEW));
      assertThat(backbones.finished()).containsExactly(FakeBackbones.id(OLD));
      assertThat(follower.missing()).isEmpty();
    }
  }

  /** Embedding and scoring are two moments; whatever swap lies between them, both fit. */
  @Test
  void shouldScoreEveryEmbeddingByAHeadOfItsBackboneWhileTheseAreSwapped() {
    // given
    say(OLD, State.ANSWERING);
    say(NEW, State.ANSWERING);
    head(2, NEW);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger scored = new AtomicInteger();
    List<Worker> threads = new ArrayList<>();
    Random random = new Random(11);
    try (HeadFollower follower = follow()) {
      await("both").until(() -> pool.loaded().size() == 2);
      for (int n = 0; n < 4; n++) {
        int seed = n;
        threads.add(new Worker("scores", () -> score(over, scored, seed), () -> over.set(true)));
      }

      // when
      for (int n = 0; n < 100; n++) {
        String next = random.nextBoolean() ? OLD : NEW;
        champion(next.equals(OLD) ? 1 : 2);
        await("swap").until(() -> answering().equals(FakeBackbones.id(next)));
      }
      await("pictures").until(() -> scored.get() > 1_000);
      threads.forEach(Worker::close);
      assertThat(follower.ended()).isNotDone();
    }

    // then
    assertThat(threads).allSatisfy(thread -> assertThat(thread.ended()).isCompleted());
  }

  /** What is ahead waits for a while. */
  private void score(AtomicBoolean over, AtomicInteger scored, int seed) {
    Random random = new Random(seed);
    List<Embedding> ahead = new ArrayList<>();
    while (!over.get()) {
      ahead.add(embed());
      if (random.nextInt(10) == 0) {
        for (Embedding embedding : ahead) {
          Head head = slot.heads(embedding.backbone()).champion().orElseThrow();
          if (!head.card().backbone().equals(embedding.backbone())) {
            throw new AssertionError("a head of another backbone");
          }
          head.score(embedding.values());
          scored.incrementAndGet();
        }
        ahead.clear();
      }
    }
  }

  private Embedding embed() {
    try {
      return pool.answering().embed(PICTURE, null).embedding();
    } catch (UnusableRecordException e) {
      throw new AssertionError(e);
    }
  }

  private String answering() {
    return embed().backbone();
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  private HeadFollower follow() {
    return new HeadFollower(
        models.open(), slot, headMeters, Traces.off(), backbones::swapped, backbones);
  }

  private void head(long version, String backbone) {
    Head head = Heads.identity(version, "ant", "bee");
    Head on =
        new Head(Heads.card(version, FakeBackbones.id(backbone), 2, "ant", "bee"), head.layers());
    send(new ModelKey.Head(version), Heads.file(on));
  }

  private void champion(long version) {
    send(ModelKey.CHAMPION, Json.write(new AliasRecord(version, "ada", Instant.EPOCH, "a test")));
  }

  private void say(String backbone, State state) {
    send(
        new ModelKey.Backbone(FakeBackbones.id(backbone)),
        Json.write(
            new BackboneRecord(
                backbone, backbone, 2, "none", state, "ada", Instant.EPOCH, "a test")));
  }

  private void send(ModelKey key, byte[] value) {
    models.add(new Sent(key.text().getBytes(UTF_8), value, new RecordHeaders(), 0));
  }
}
