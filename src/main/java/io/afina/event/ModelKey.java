package io.afina.event;

import java.util.Optional;

/**
 * The keys on {@code models}: {@code head/<version>}, {@code alias/<name>}, {@code
 * backbone/<SHA-256>}, {@code decide/<version>} and {@code suspects}.
 */
public sealed interface ModelKey {

  /** The alias of the head that predicts. */
  Alias CHAMPION = new Alias("champion");

  /** The alias of the head that scores the same embeddings in the champion's shadow. */
  Alias CHALLENGER = new Alias("challenger");

  /** The alias of the previous champion. */
  Alias PREVIOUS = new Alias("previous");

  /** The alias of the champion while it is pinned: nothing else is promoted. */
  Alias PINNED = new Alias("pinned");

  /** Says why no head can be trained now, and points at none; there only while that is so. */
  Alias UNTRAINED = new Alias("untrained");

  /** The key as it stands on the topic. */
  String text();

  /** A head, by its version; versions start at 1 and only go up. */
  record Head(long version) implements ModelKey {
    @Override
    public String text() {
      return "head/" + version;
    }
  }

  /** A name that points at a head. */
  record Alias(String name) implements ModelKey {
    @Override
    public String text() {
      return "alias/" + name;
    }
  }

  /** A backbone that classifiers load or have loaded, by the SHA-256 of its file. */
  record Backbone(String id) implements ModelKey {
    @Override
    public String text() {
      return "backbone/" + id;
    }
  }

  /** The live correction of the thresholds in a head's card, by its version. */
  record Decide(long version) implements ModelKey {
    @Override
    public String text() {
      return "decide/" + version;
    }
  }

  /** The examples whose labels look wrong. */
  record Suspects() implements ModelKey {
    @Override
    public String text() {
      return "suspects";
    }
  }

  /** Reads a key; empty when it is of none of these forms. */
  static Optional<ModelKey> parse(String key) {
    if (key.matches("head/[1-9][0-9]{0,17}")) {
      return Optional.of(new Head(Long.parseLong(key.substring("head/".length()))));
    }
    if (key.matches("decide/[1-9][0-9]{0,17}")) {
      return Optional.of(new Decide(Long.parseLong(key.substring("decide/".length()))));
    }
    if (key.matches("alias/[a-z][a-z-]*")) {
      return Optional.of(new Alias(key.substring("alias/".length())));
    }
    if (key.matches("backbone/[0-9a-f]{64}")) {
      return Optional.of(new Backbone(key.substring("backbone/".length())));
    }
    return key.equals("suspects") ? Optional.of(new Suspects()) : Optional.empty();
  }
}
