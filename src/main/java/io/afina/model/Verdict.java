package io.afina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What became of a head when it was published. Where it stands now, the aliases say.
 *
 * @param why one sentence
 */
public record Verdict(Decision decision, String why) {

  /** The kinds of verdict; written in lower case. */
  public enum Decision {
    /** It became the champion. */
    @JsonProperty("promoted")
    PROMOTED,
    /** It is worse than the champion. */
    @JsonProperty("rejected")
    REJECTED,
    /** It is good enough, but a person pinned the champion. */
    @JsonProperty("held")
    HELD,
    /** It became the challenger, which scores silently. */
    @JsonProperty("challenger")
    CHALLENGER,
    /** A person brought it from elsewhere. */
    @JsonProperty("imported")
    IMPORTED;

    /** As it stands in the card, in metrics and in the log: {@code promoted}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
