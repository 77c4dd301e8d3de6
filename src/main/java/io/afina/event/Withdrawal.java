package io.afina.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one labeller said of an image is taken back; what others said stays. On {@code corrections}
 * it is an object whose {@code withdraws} is true, or {@code "name"} where the label stays and only
 * its labeller goes, and which has no label: a reader that does not know it finds a correction
 * without a label, and changes nothing. (Null takes back what everybody said.)
 *
 * @param labeller who said it; null for those of whom nothing is known, who count as one
 * @param at when it was taken back, if known
 * @param note free text
 * @param keepsLabel whether what was said stays, as the word of those of whom nothing is known
 */
public record Withdrawal(
    @Nullable String labeller,
    @Nullable Instant at,
    @Nullable String note,
    @JsonIgnore boolean keepsLabel) {

  private static final String NAME = "name";

  private record Fields(
      @Nullable Object withdraws,
      @Nullable String label,
      @Nullable String labeller,
      @Nullable Instant at,
      @Nullable String note) {}

  /** One that takes the label back, too. */
  public Withdrawal(@Nullable String labeller, @Nullable Instant at, @Nullable String note) {
    this(labeller, at, note, false);
  }

  /**
   * Reads one.
   *
   * @return empty for a correction, which says of itself what is wrong with it
   * @throws MalformedRecordException when the value is neither, or has a label all the same
   */
  public static Optional<Withdrawal> read(byte[] json) {
    Fields fields = Json.read(json, Fields.class);
    boolean keepsLabel = NAME.equals(fields.withdraws());
    if (fields.withdraws() == null || Boolean.FALSE.equals(fields.withdraws())) {
      return Optional.empty();
    }
    if (!keepsLabel && !Boolean.TRUE.equals(fields.withdraws())) {
      throw new MalformedRecordException(
          "withdraws %s, where true or \"%s\" may be".formatted(fields.withdraws(), NAME));
    }
    if (fields.label() != null) {
      throw new MalformedRecordException("has a label, and withdraws one");
    }
    if (keepsLabel && fields.labeller() == null) {
      throw new MalformedRecordException("withdraws a name, and says none");
    }
    return Optional.of(new Withdrawal(fields.labeller(), fields.at(), fields.note(), keepsLabel));
  }

  /** Tells it from a correction. */
  @JsonProperty("withdraws")
  public Object withdraws() {
    return keepsLabel ? NAME : true;
  }

  /**
   * The same, if it is within the limits of corrections.
   *
   * @throws MalformedRecordException as {@link Correction#requireLimits}
   */
  public Withdrawal requireLimits(Instant now) {
    Correction.requireLimits(labeller, at, note, now);
    return this;
  }
}
