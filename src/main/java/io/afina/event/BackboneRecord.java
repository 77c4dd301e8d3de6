package io.afina.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.afina.event.JsonShape.Range;
import java.time.Instant;

/**
 * The value of a backbone on {@code models}: where classifiers find it, and what it is there for.
 *
 * @param name of its card, for people
 * @param address from which every classifier loads it
 * @param embeddingSize how many numbers it gives
 * @param licence of its card
 * @param by who wrote this
 * @param reason one sentence
 */
public record BackboneRecord(
    String name,
    String address,
    @Range(low = 1) int embeddingSize,
    String licence,
    State state,
    String by,
    Instant at,
    String reason) {

  /** What a backbone is there for. */
  public enum State {
    /** Loaded beside the one that answers; labelled pictures are embedded anew with it. */
    @JsonProperty("wanted")
    WANTED,
    /** Loaded, since its heads answer, or may answer again. */
    @JsonProperty("answering")
    ANSWERING,
    /** Given up: unloaded, and its embeddings are dropped. */
    @JsonProperty("finished")
    FINISHED
  }

  /** The same backbone in another state. */
  public BackboneRecord in(State another, String who, Instant when, String why) {
    return new BackboneRecord(name, address, embeddingSize, licence, another, who, when, why);
  }
}
