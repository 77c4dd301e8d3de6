package io.afina.labelling.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Correction;
import io.afina.event.Prediction.Score;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Assignments;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.suspect.Suspects;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuspectFeedTest {

  private static final Instant SAID = Instant.parse("2026-01-01T00:00:00Z");
  private static final String BACKBONE = "ab".repeat(32);

  private final AnswerIndex answers = new AnswerIndex(9, () -> SAID, ZoneOffset.UTC);
  private final ReviewQueue queue =
      new ReviewQueue(
          9,
          new Assignments(1, 0, List.of()),
          3,
          Duration.ofMinutes(2),
          UnaryOperator.identity(),
          () -> SAID);
  private Optional<Suspects> newest = Optional.empty();
  private final SuspectFeed feed = new SuspectFeed(queue, answers, () -> newest);

  @BeforeEach
  void openPartitions() {
    queue.open(0);
    queue.open(1);
  }

  @Test
  void shouldAskAboutWhatIsAtHomeHere() {
    // given
    find(suspect("here", 0), suspect("there", 2));

    // then
    assertThat(feed.round(Set.of(0, 1))).isTrue();
    assertThat(asked()).containsExactly("here");
    QueuedItem item = queue.first(1).get(0);
    assertThat(item.review().prediction().label()).isEqualTo("bee");
    assertThat(item.review().uncertainty()).isEqualTo(0.9);
    assertThat(item.review().prediction().image().offset()).isEqualTo(5);
  }

  @Test
  void shouldLookAgainOnceAPartitionComesOrTheTrainerHasSearched() {
    // given
    find(suspect("a", 0), suspect("b", 1));
    assertThat(feed.round(Set.of(0))).isTrue();
    assertThat(feed.round(Set.of(0))).isFalse();
    assertThat(asked()).containsExactly("a");

    // when
    assertThat(feed.round(Set.of(0, 1))).isTrue();

    // then
    assertThat(asked()).containsExactlyInAnyOrder("a", "b");

    // when
    find(suspect("b", 1));
    assertThat(feed.round(Set.of(0, 1))).isTrue();

    // then
    assertThat(asked()).containsExactly("b");
  }

  @Test
  void shouldNotAskAboutWhatWasSaidSince() {
    // given: what the trainer saw, and what somebody said after it
    say("seen", SAID);
    say("since", SAID.plusSeconds(60));
    find(suspect("seen", 0), suspect("since", 0));

    // when
    feed.round(Set.of(0, 1));

    // then
    assertThat(asked()).containsExactly("seen");
  }

  private List<String> asked() {
    return queue.first(9).stream().map(QueuedItem::image).toList();
  }

  private void say(String image, Instant at) {
    answers.corrected(image, new Correction("ant", "mia", at, null), at.toEpochMilli());
  }

  private void find(Suspect... found) {
    newest = Optional.of(new Suspects(BACKBONE, 40, found.length, SAID, List.of(found)));
  }

  private static Suspect suspect(String image, int partition) {
    return new Suspect(
        image,
        partition,
        image.hashCode() & 0xffff,
        "ant",
        List.of("mia"),
        SAID,
        0.9,
        List.of(new Score("bee", 0.8), new Score("ant", 0.2)),
        new Place(partition, 5),
        List.of());
  }
}
