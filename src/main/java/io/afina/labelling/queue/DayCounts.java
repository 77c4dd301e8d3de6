package io.afina.labelling.queue;

import io.afina.labelling.queue.Answers.Answer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Counts the images that were labelled today, by whom. Used under the index's lock only. */
final class DayCounts {

  private final InstantSource clock;
  private final ZoneId zone;
  private final Map<String, Integer> byLabeller = new HashMap<>();
  private int images;
  private LocalDate day = LocalDate.MIN;

  DayCounts(InstantSource clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
  }

  /** What is said of an image is different. */
  void changed(@Nullable Answers before, @Nullable Answers now) {
    turn();
    count(before, -1);
    count(now, 1);
  }

  /** By everybody. */
  int images() {
    turn();
    return images;
  }

  int by(String labeller) {
    turn();
    return byLabeller.getOrDefault(labeller, 0);
  }

  private void count(@Nullable Answers answers, int more) {
    if (answers != null) {
      Set<String> today =
          answers.all().stream()
              .filter(answer -> dayOf(answer.at()).equals(day))
              .map(Answer::who)
              .collect(Collectors.toSet());
      images += today.isEmpty() ? 0 : more;
      today.forEach(labeller -> byLabeller.merge(labeller, more, Integer::sum));
    }
  }

  private void turn() {
    LocalDate now = LocalDate.ofInstant(clock.instant(), zone);
    if (!now.equals(day)) {
      day = now;
      images = 0;
      byLabeller.clear();
    }
  }

  private LocalDate dayOf(long millis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
  }
}
