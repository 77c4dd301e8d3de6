package io.afina.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * The decision on a head when it was published. Which heads are in use now, the aliases say.
 *
 * @param why one sentence
 */
public record Verdict(Decision decision, String why) {

  /** The decisions; written in lower case. */
  public enum Decision {
    /** It became the champion. */
    @JsonProperty("promoted")
    PROMOTED,
    /** It is worse than the champion, or than always predicting the commonest label. */
    @JsonProperty("rejected")
    REJECTED,
    /** It is good enough, but a person pinned the champion. */
    @JsonProperty("held")
    HELD,
    /** It became the challenger, which scores in the shadow of the champion. */
    @JsonProperty("challenger")
    CHALLENGER,
    /** A person imported it. */
    @JsonProperty("imported")
    IMPORTED;

    /** As it stands in the card, in metrics and in the log: {@code promoted}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
