package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.ThreadWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingBatcherTest {

  private static final float BAD = 13;
  private static final Duration LONG = Duration.ofSeconds(20);

  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final List<Integer> told = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void shouldRunAFullBatchAtOnceAndGiveEveryThreadItsOwn() {
    try (EmbeddingBatcher batcher = new EmbeddingBatcher(new Doubling(), 4, LONG, told::add)) {
      // when
      List<CompletableFuture<float[]>> answers = embed(batcher, 1, 2, 3, 4);

      // then
      for (int i = 0; i < 4; i++) {
        assertThat(answers.get(i).join()).containsExactly(2 * (i + 1));
      }
      assertThat(batches).containsExactly(4);
      assertThat(told).containsExactly(4);
    }
  }

  @Test
  void shouldRunAPartOfABatchWhenItsTimeIsOver() {
    try (EmbeddingBatcher batcher =
        new EmbeddingBatcher(new Doubling(), 64, Duration.ofMillis(1), told::add)) {
      assertThat(batcher.embed(new float[] {7})).containsExactly(14);
      assertThat(batches).containsExactly(1);
    }
  }

  @Test
  void shouldLetOnlyThePictureAtFaultSuffer() {
    try (EmbeddingBatcher batcher = new EmbeddingBatcher(new Doubling(), 3, LONG, told::add)) {
      // when
      List<CompletableFuture<float[]>> answers = embed(batcher, 1, BAD, 3);

      // then
      assertThat(answers.get(0).join()).containsExactly(2);
      assertThat(answers.get(2).join()).containsExactly(6);
      assertThatThrownBy(() -> answers.get(1).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(EngineFailureException.class);
    }
  }

  @Test
  void shouldAnswerWhatWasHandedInBeforeItCloses() {
    EmbeddingBatcher batcher =
        new EmbeddingBatcher(new Doubling(), 8, Duration.ofMillis(200), told::add);
    List<CompletableFuture<float[]>> answers = embed(batcher, 5);
    answers.get(0).join();
    batcher.close();
    assertThat(answers.get(0).join()).containsExactly(10);
  }

  static Stream<Error> errors() {
    return Stream.of(
        new OutOfMemoryError("Cannot reserve direct buffer memory"), new StackOverflowError());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void shouldFailAllWhoWaitWhenItsThreadDies(Error error) throws InterruptedException {
    // given
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    EmbeddingBatcher.Engine dying =
        engine(
            pictures -> {
              asked.countDown();
              letGo.await();
              throw error;
            });
    try (ThreadWatch watch = new ThreadWatch();
        EmbeddingBatcher batcher = new EmbeddingBatcher(dying, 1, LONG, told::add)) {
      CompletableFuture<float[]> underWay = embed(batcher, 1).get(0);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<float[]>> waiting = embed(batcher, 2, 3);

      // when
      letGo.countDown();

      // then
      assertThatThrownBy(() -> underWay.get(20, TimeUnit.SECONDS)).hasRootCause(error);
      for (CompletableFuture<float[]> each : waiting) {
        assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS)).hasRootCause(error);
      }
      assertThatThrownBy(() -> embed(batcher, 4).get(0).get(20, TimeUnit.SECONDS))
          .hasRootCause(error);
      assertThatThrownBy(() -> batcher.ended().get(20, TimeUnit.SECONDS)).hasCause(error);
      assertThatThrownBy(() -> watch.failed().get(20, TimeUnit.SECONDS)).hasCause(error);
    }
  }

  /** What an engine does with a batch. */
  private interface Answer {
    float[][] to(List<float[]> pictures) throws InterruptedException;
  }

  private static EmbeddingBatcher.Engine engine(Answer answer) {
    return new EmbeddingBatcher.Engine() {

      @Override
      public float[][] embed(List<float[]> pictures) {
        try {
          return answer.to(pictures);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  private List<CompletableFuture<float[]>> embed(EmbeddingBatcher batcher, float... pictures) {
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    for (float picture : pictures) {
      answers.add(
          CompletableFuture.supplyAsync(() -> batcher.embed(new float[] {picture}), threads));
    }
    return answers;
  }

  /** Doubles a picture of one number, and fails on a bad one. */
  private final class Doubling implements EmbeddingBatcher.Engine {

    @Override
    public float[][] embed(List<float[]> pictures) {
      batches.add(pictures.size());
      if (pictures.stream().anyMatch(picture -> picture[0] == BAD)) {
        throw new EngineFailureException("bad luck");
      }
      return pictures.stream().map(picture -> new float[] {2 * picture[0]}).toArray(float[][]::new);
    }

    @Override
    public void close() {}
  }
}
