package io.afina.classifier;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs every rebalance: the tasks that came and went, and for how long nothing was classified.
 * Called by the streams' state listener.
 */
final class RebalanceLog {

  private static final Logger LOG = LoggerFactory.getLogger(RebalanceLog.class);

  private final Supplier<Collection<ThreadMetadata>> threads;
  private Set<TaskId> tasks = Set.of();
  private long began = System.nanoTime();

  /**
   * @param threads of this instance, with what they are assigned
   */
  RebalanceLog(Supplier<Collection<ThreadMetadata>> threads) {
    this.threads = threads;
  }

  synchronized void changed(KafkaStreams.State before, KafkaStreams.State now) {
    if (now == KafkaStreams.State.REBALANCING) {
      began = System.nanoTime();
    } else if (now == KafkaStreams.State.RUNNING && before == KafkaStreams.State.REBALANCING) {
      ended();
    }
  }

  private void ended() {
    Set<TaskId> had = tasks;
    try {
      tasks = active();
    } catch (IllegalStateException e) {
      // It is being closed meanwhile.
      return;
    }
    LOG.atInfo()
        .addKeyValue("tasks", tasks.size())
        .addKeyValue("came", without(tasks, had))
        .addKeyValue("went", without(had, tasks))
        .addKeyValue("took", Duration.ofNanos(System.nanoTime() - began).truncatedTo(MILLIS))
        .log("rebalanced");
  }

  private Set<TaskId> active() {
    return threads.get().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .map(TaskMetadata::taskId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<TaskId> without(Set<TaskId> all, Set<TaskId> some) {
    return all.stream()
        .filter(task -> !some.contains(task))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Tells of each step of a restore, which may be a long part of a rebalance. */
  record Restores(Runnable step) implements StateRestoreListener {

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long first, long last) {
      step.run();
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long last, long restored) {
      step.run();
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long restored) {
      step.run();
    }
  }
}
