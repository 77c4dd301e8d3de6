package io.afina.classifier.join;

import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What may happen to the join in a history, and what is seen of it afterwards. */
final class JoinSteps {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final String MALFORMED = "{";

  private JoinSteps() {}

  /** One thing that happens. */
  sealed interface Step {}

  /** An image comes; the picture is its embedding. */
  record Image(String id, int picture) implements Step {}

  /** A correction comes. */
  record Correct(String id, String label, String labeller) implements Step {}

  /** A correction without a value comes. */
  record Withdraw(String id) implements Step {}

  /** A labeller takes back what he said. */
  record WithdrawOne(String id, String labeller) implements Step {}

  /** A correction comes that nobody can read. */
  record Malformed(String id) implements Step {}

  /** The wall clock goes on, at least until the join looks for late corrections. */
  record Advance(Duration by) implements Step {}

  /** A training example, and by its time which correction it was. */
  record Example(String label, String labeller, Instant at, List<Float> embedding) {}

  /**
   * A dead letter.
   *
   * @param correction which one it was, counted among the records of the history
   */
  record Letter(int correction, String id, String value, Reason reason) {}

  /** The time of a record on corrections, other than that of any other. */
  static Instant timestamp(int number) {
    return START.plusMillis(number);
  }

  static String value(Correct correct) {
    return "{\"label\":\"%s\",\"labeller\":\"%s\"}".formatted(correct.label(), correct.labeller());
  }

  static String value(WithdrawOne withdraw) {
    return "{\"withdraws\":true,\"labeller\":\"%s\"}".formatted(withdraw.labeller());
  }

  static String picture(int picture) {
    return Integer.toString(picture);
  }

  static List<Float> embedding(int picture) {
    return List.of((float) picture);
  }
}
