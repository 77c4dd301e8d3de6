package io.afina.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
