package io.afina.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.LogLines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RebalanceLogTest {

  private final LogLines log = new LogLines(RebalanceLog.class);
  private final List<ThreadMetadata> threads = new ArrayList<>();
  private final RebalanceLog rebalances = new RebalanceLog(() -> threads);

  @AfterEach
  void stop() {
    log.close();
  }

  @Test
  void shouldSayInOneLineWhatCameAndWhatWent() {
    // when
    rebalance(new AssignedThread("0_0", "0_1"), new AssignedThread("0_2"));
    rebalance(new AssignedThread("0_2"), new AssignedThread("0_3"));
    rebalances.changed(State.RUNNING, State.PENDING_SHUTDOWN);

    // then
    assertThat(log.all())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("rebalanced tasks=3 came=[0_0, 0_1, 0_2] went=[]")
                    .contains("took="),
            line ->
                assertThat(line)
                    .startsWith("rebalanced tasks=2 came=[0_3] went=[0_0, 0_1]")
                    .contains("took="));
  }

  private void rebalance(ThreadMetadata... assigned) {
    rebalances.changed(State.RUNNING, State.REBALANCING);
    threads.clear();
    threads.addAll(List.of(assigned));
    rebalances.changed(State.REBALANCING, State.RUNNING);
  }

  /** A stream thread of which only its tasks are asked. */
  private static final class AssignedThread implements ThreadMetadata {

    private final Set<TaskMetadata> tasks;

    AssignedThread(String... ids) {
      tasks =
          Arrays.stream(ids)
              .map(TaskId::parse)
              .map(AssignedTask::new)
              .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Set<TaskMetadata> activeTasks() {
      return tasks;
    }

    @Override
    public Set<TaskMetadata> standbyTasks() {
      return Set.of();
    }

    @Override
    public String threadState() {
      return "RUNNING";
    }

    @Override
    public String threadName() {
      return "thread";
    }

    @Override
    public String consumerClientId() {
      return "consumer";
    }

    @Override
    public String restoreConsumerClientId() {
      return "restore";
    }

    @Override
    public Set<String> producerClientIds() {
      return Set.of();
    }

    @Override
    public String adminClientId() {
      return "admin";
    }
  }

  private record AssignedTask(TaskId taskId) implements TaskMetadata {

    @Override
    public Set<TopicPartition> topicPartitions() {
      return Set.of();
    }

    @Override
    public Map<TopicPartition, Long> committedOffsets() {
      return Map.of();
    }

    @Override
    public Map<TopicPartition, Long> endOffsets() {
      return Map.of();
    }

    @Override
    public Optional<Long> timeCurrentIdlingStarted() {
      return Optional.empty();
    }
  }
}
