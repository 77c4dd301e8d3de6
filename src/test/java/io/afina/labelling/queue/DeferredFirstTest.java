package io.afina.labelling.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Prediction.Decision;
import io.afina.event.ReviewItem;
import io.afina.event.ReviewItem.ReviewReason;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeferredFirstTest {

  @Test
  void shouldAskWhatIsDeferredBeforeWhatIsAccepted() {
    // given
    TreeSet<OpenItem> open = new TreeSet<>(OpenItem.ORDER);

    // when
    open.add(item(0, ReviewReason.NOVEL, 90, Decision.ACCEPT));
    open.add(item(1, ReviewReason.UNCERTAIN, 10, Decision.DEFER));
    open.add(item(2, ReviewReason.AUDIT, 10, Decision.ACCEPT));

    // then
    assertThat(open).extracting(item -> item.id().offset()).containsExactly(2L, 1L, 0L);
  }

  private static OpenItem item(long offset, ReviewReason reason, int percent, Decision decision) {
    ReviewItem review = ReviewQueueTest.item(offset, "image", reason, percent).review();
    ReviewItem decided =
        review.predicted(review.prediction().decided(decision, 0.5), review.uncertainty());
    return new OpenItem(
        new QueuedItem(
            ReviewQueueTest.id(offset), "image", decided, offset, SpanContext.getInvalid()),
        Assignments.of(1),
        Set.of(),
        new Presence());
  }
}
