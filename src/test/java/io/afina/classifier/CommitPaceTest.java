package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class CommitPaceTest {

  private final CommitPace pace = new CommitPace(Duration.ofMillis(50), Duration.ofMillis(250));
  private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
  private final CommitPace.Task task = pace.start(context);

  @Test
  void shouldCommitSoonWhatHardlyWaited() {
    classified(1000, 20);
    assertThat(commitsAt(1010)).isTrue();
  }

  @Test
  void shouldNotCommitAgainBeforeTheIntervalIsOver() {
    classified(1000, 20);
    assertThat(commitsAt(1010)).isTrue();
    classified(1020, 20);
    assertThat(commitsAt(1030)).isFalse();
    assertThat(commitsAt(1061)).isTrue();
  }

  @Test
  void shouldNotCommitWhenThereIsNothingNew() {
    classified(1000, 20);
    assertThat(commitsAt(1010)).isTrue();
    assertThat(commitsAt(1100)).isFalse();
  }

  @Test
  void shouldNotCheckWhileThereIsNothingToCommit() {
    assertThat(running(context)).isEmpty();
    classified(1000, 20);
    classified(1001, 20);
    assertThat(running(context)).hasSize(1);

    assertThat(commitsAt(1010)).isTrue();
    assertThat(running(context)).isEmpty();
  }

  @Test
  void shouldLeaveItToTheLongerIntervalWhilePicturesQueue() {
    classified(1000, 251);
    assertThat(commitsAt(1100)).isFalse();
    classified(1110, 250);
    assertThat(commitsAt(1120)).isTrue();
  }

  @Test
  void shouldCommitOnceForAllTasksOfAThread() {
    MockProcessorContext<Object, Object> otherContext = new MockProcessorContext<>();
    CommitPace.Task other = pace.start(otherContext);
    otherContext.setCurrentSystemTimeMs(1000);
    other.classified(20);
    classified(1000, 20);
    assertThat(commitsAt(1010)).isTrue();
    punctuate(otherContext, 1010);
    assertThat(otherContext.committed()).isFalse();
  }

  private void classified(long now, long waited) {
    context.setCurrentSystemTimeMs(now);
    task.classified(waited);
  }

  private boolean commitsAt(long now) {
    context.resetCommit();
    punctuate(context, now);
    return context.committed();
  }

  private static void punctuate(MockProcessorContext<?, ?> context, long now) {
    running(context).forEach(scheduled -> scheduled.getPunctuator().punctuate(now));
  }

  private static List<CapturedPunctuator> running(MockProcessorContext<?, ?> context) {
    return context.scheduledPunctuators().stream()
        .filter(scheduled -> !scheduled.cancelled())
        .toList();
  }
}
