package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.ThreadWatch;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.PictureTensor;
import io.afina.picture.tensor.ResizeRule;
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
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddingBatcherTest {

  private static final float BAD = 13;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final PictureInput INPUT =
      new PictureInput(new ResizeRule(1, 1), new float[] {0, 0, 0}, new float[] {1, 1, 1});

  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final List<Integer> told = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void shouldRunAFullBatchAtOnceAndGiveEveryPictureItsOwn() {
    try (EmbeddingBatcher batcher = batcher(new Doubling(), 4, LONG)) {
      // when
      List<CompletableFuture<float[]>> answers = submit(batcher, 1, 2, 3, 4);

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
    try (EmbeddingBatcher batcher = batcher(new Doubling(), 64, Duration.ofMillis(1))) {
      assertThat(submit(batcher, 7).get(0).join()).containsExactly(14);
      assertThat(batches).containsExactly(1);
    }
  }

  @Test
  void shouldGiveTheEngineBatchesOfFewSizes() {
    EmbeddingBatcher batcher = batcher(new Doubling(), 64, LONG);
    List<CompletableFuture<float[]>> answers = submit(batcher, 1, 2, 3, 4, 5);

    // when
    batcher.close();

    // then
    for (int i = 0; i < 5; i++) {
      assertThat(answers.get(i).join()).containsExactly(2 * (i + 1));
    }
    assertThat(batches).containsExactly(8);
    assertThat(told).containsExactly(5);
  }

  @Test
  void shouldLetOnlyThePictureAtFaultSuffer() {
    try (EmbeddingBatcher batcher = batcher(new Doubling(), 3, LONG)) {
      // when
      List<CompletableFuture<float[]>> answers = submit(batcher, 1, BAD, 3);

      // then
      assertThat(answers.get(0).join()).containsExactly(2);
      assertThat(answers.get(2).join()).containsExactly(6);
      assertThatThrownBy(() -> answers.get(1).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(UnusableRecordException.class)
          .hasMessageContaining("the engine failed 3 times: bad luck");
      assertThat(batches).containsExactly(3, 1, 1, 1, 1, 1);
    }
  }

  @Test
  void shouldAskAnEngineAgainThatFailsForAMoment() {
    int[] asked = {0};
    EmbeddingBatcher.Engine recovering =
        engine(
            pictures -> {
              if (++asked[0] < 3) {
                throw new EngineFailureException("no memory now");
              }
              return new float[][] {{42}};
            });
    try (EmbeddingBatcher batcher = batcher(recovering, 1, LONG)) {
      assertThat(submit(batcher, 1).get(0).join()).containsExactly(42);
    }
  }

  @Test
  void shouldAnswerWhatWasHandedInBeforeItCloses() {
    EmbeddingBatcher batcher = batcher(new Doubling(), 8, LONG);
    List<CompletableFuture<float[]>> answers = submit(batcher, 5);
    batcher.close();
    assertThat(answers.get(0).join()).containsExactly(10);
    assertThatThrownBy(() -> submit(batcher, 6)).hasMessageContaining("the batcher has ended");
  }

  @Test
  void shouldFillABatchWhileTheOneBeforeIsComputedAndHoldNoMore() throws Exception {
    // given
    CountDownLatch letGo = new CountDownLatch(1);
    EmbeddingBatcher.Engine slow =
        engine(
            pictures -> {
              letGo.await();
              return new Doubling().embed(pictures);
            });
    try (EmbeddingBatcher batcher = batcher(slow, 2, LONG)) {
      List<CompletableFuture<float[]>> first = submit(batcher, 1, 2);
      List<CompletableFuture<float[]>> second = submit(batcher, 3, 4);

      // when
      CompletableFuture<List<CompletableFuture<float[]>>> third =
          CompletableFuture.supplyAsync(() -> submit(batcher, 5, 6), threads);

      // then
      assertThatThrownBy(() -> third.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(first.get(0)).isNotDone();
      letGo.countDown();
      assertThat(third.get(20, TimeUnit.SECONDS).get(1).get(20, TimeUnit.SECONDS))
          .containsExactly(12);
      assertThat(second.get(1).join()).containsExactly(8);
      assertThat(batches).containsExactly(2, 2, 2);
    }
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
        EmbeddingBatcher batcher = batcher(dying, 1, LONG)) {
      CompletableFuture<float[]> underWay = submit(batcher, 1).get(0);
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<float[]>> waiting = waiting(batcher, 2, 3);

      // when
      letGo.countDown();

      // then
      assertThatThrownBy(() -> underWay.get(20, TimeUnit.SECONDS)).hasRootCause(error);
      for (CompletableFuture<float[]> each : waiting) {
        assertThatThrownBy(() -> each.get(20, TimeUnit.SECONDS)).hasRootCause(error);
      }
      assertThatThrownBy(() -> submit(batcher, 4)).hasRootCause(error);
      assertThatThrownBy(() -> batcher.ended().get(20, TimeUnit.SECONDS)).hasCause(error);
      assertThatThrownBy(() -> watch.failed().get(20, TimeUnit.SECONDS)).hasCause(error);
    }
  }

  /** What an engine does with a batch. */
  private interface Answer {
    float[][] to(PictureBatch pictures) throws InterruptedException;
  }

  private static EmbeddingBatcher.Engine engine(Answer answer) {
    return new EmbeddingBatcher.Engine() {

      @Override
      public float[][] embed(PictureBatch pictures) {
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

  private EmbeddingBatcher batcher(EmbeddingBatcher.Engine engine, int size, Duration wait) {
    return new EmbeddingBatcher(engine, INPUT, size, wait, 3, told::add);
  }

  private static List<CompletableFuture<float[]>> submit(
      EmbeddingBatcher batcher, float... pictures) {
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    PictureTensor tensor = new PictureTensor(INPUT);
    for (float picture : pictures) {
      // As a decoder does: the same memory for each.
      tensor.bytes().putFloat(0, picture);
      answers.add(batcher.submit(tensor));
    }
    return answers;
  }

  /** From threads of their own, since there may be no room for them. */
  private List<CompletableFuture<float[]>> waiting(EmbeddingBatcher batcher, float... pictures) {
    List<CompletableFuture<float[]>> answers = new ArrayList<>();
    for (float picture : pictures) {
      answers.add(
          CompletableFuture.supplyAsync(() -> submit(batcher, picture).get(0).join(), threads));
    }
    return answers;
  }

  /** Doubles the first number of a picture, and fails on a bad one. */
  private final class Doubling implements EmbeddingBatcher.Engine {

    @Override
    public float[][] embed(PictureBatch pictures) {
      batches.add(pictures.size());
      float[][] doubled = new float[pictures.size()][1];
      for (int i = 0; i < doubled.length; i++) {
        float picture = pictures.numbers().getFloat(i * INPUT.numbers() * Float.BYTES);
        if (picture == BAD) {
          throw new EngineFailureException("bad luck");
        }
        doubled[i][0] = 2 * picture;
      }
      return doubled;
    }

    @Override
    public void close() {}
  }
}
