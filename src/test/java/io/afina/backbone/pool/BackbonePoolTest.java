package io.afina.backbone.pool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackbonePoolTest {

  private static final String OLD = "aa";
  private static final String NEW = "bb";
  private static final byte[] PICTURE = "1 2".getBytes(UTF_8);

  private final FakeBackbones files = new FakeBackbones();

  @Test
  void shouldLoadAnotherBackboneBesideTheOneThatAnswers() throws Exception {
    try (BackbonePool pool = files.pool(OLD)) {
      // when
      pool.want(Map.of(FakeBackbones.id(NEW), NEW));
      awaitLoaded(pool);

      // then
      assertThat(answers(pool)).isEqualTo(FakeBackbones.id(OLD));
      pool.answer(FakeBackbones.id(NEW));
      assertThat(answers(pool)).isEqualTo(FakeBackbones.id(NEW));
      assertThat(pool.loaded().get(0).address()).isEqualTo(NEW);
      assertThat(pool.embedder(FakeBackbones.id(OLD))).isPresent();
    }
  }

  @Test
  void shouldSayWhyABackboneIsNotLoadedAndTryAgain() {
    try (BackbonePool pool = files.pool(OLD)) {
      // given
      files.breaks(NEW, new IllegalStateException("no such file"));

      // when
      pool.want(Map.of(FakeBackbones.id(NEW), NEW));

      // then
      await("the reason")
          .until(() -> pool.refused().equals(Map.of(FakeBackbones.id(NEW), "no such file")));
      files.breaks(NEW, null);
      awaitLoaded(pool);
      assertThat(pool.refused()).isEmpty();
    }
  }

  @Test
  void shouldRefuseAnotherFileThanTheOneThatIsWanted() {
    try (BackbonePool pool = files.pool(OLD)) {
      // given
      files.replace(NEW, "cc");

      // when
      pool.want(Map.of(FakeBackbones.id(NEW), NEW));

      // then
      await("the reason").until(() -> !pool.refused().isEmpty());
      assertThat(pool.refused().get(FakeBackbones.id(NEW)))
          .contains("bb is the backbone cccccccccccc here, and bbbbbbbbbbbb is wanted");
      assertThat(pool.loaded()).hasSize(1);
    }
  }

  @Test
  void shouldNotUnloadTheBackboneThatAnswers() {
    try (BackbonePool pool = files.pool(OLD)) {
      assertThatThrownBy(() -> pool.unload(FakeBackbones.id(OLD)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(pool.loaded()).hasSize(1);
    }
  }

  @Test
  void shouldRefusePicturesForABackboneThatWasUnloaded() {
    try (BackbonePool pool = files.pool(OLD)) {
      // given
      pool.want(Map.of(FakeBackbones.id(NEW), NEW));
      awaitLoaded(pool);
      var kept = pool.embedder(FakeBackbones.id(NEW)).orElseThrow();

      // when
      pool.unload(FakeBackbones.id(NEW));

      // then
      assertThatThrownBy(() -> kept.embed(PICTURE, null)).hasMessageContaining("not loaded");
      assertThat(pool.embedder(FakeBackbones.id(NEW))).isEmpty();
    }
  }

  /** An engine that computes with weights that were freed ends the JVM. */
  @Test
  void shouldAlwaysAnswerAndNeverUseWhatIsUnloaded() {
    // given
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger embedded = new AtomicInteger();
    List<Worker> threads = new ArrayList<>();
    Random random = new Random(7);
    try (BackbonePool pool = files.pool(OLD)) {
      for (int n = 0; n < 4; n++) {
        threads.add(new Worker("embeds", () -> embed(pool, over, embedded), () -> over.set(true)));
      }

      // when
      String answering = OLD;
      for (int n = 0; n < 200; n++) {
        String next = random.nextBoolean() ? NEW : OLD;
        pool.want(Map.of(FakeBackbones.id(next), next));
        await("another").until(() -> pool.embedder(FakeBackbones.id(next)).isPresent());
        pool.answer(FakeBackbones.id(next));
        if (!next.equals(answering)) {
          pool.unload(FakeBackbones.id(answering));
          answering = next;
        }
      }
      await("embeddings").until(() -> embedded.get() > 1_000);
      threads.forEach(Worker::close);
    }

    // then
    assertThat(threads).allSatisfy(t -> assertThat(t.ended()).isCompleted());
    assertThat(files.crashes()).isZero();
  }

  private static void embed(BackbonePool pool, AtomicBoolean over, AtomicInteger embedded) {
    while (!over.get()) {
      answers(pool);
      embedded.incrementAndGet();
    }
  }

  private static String answers(BackbonePool pool) {
    try {
      return pool.answering().embed(PICTURE, null).embedding().backbone();
    } catch (UnusableRecordException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLoaded(BackbonePool pool) {
    await("the other backbone").until(() -> pool.loaded().size() == 2);
  }
}
