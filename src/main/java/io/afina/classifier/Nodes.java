package io.afina.classifier;

/** The names of the topology's nodes and of its state stores. */
final class Nodes {

  static final String IMAGES = "images";
  static final String CLASSIFY = "classify";
  static final String PREDICTIONS = "predictions";
  static final String CORRECTIONS = "corrections";
  static final String READ_CORRECTION = "read-correction";
  static final String ASK = "ask";
  static final String REVIEW = "review";
  static final String JOIN = "join";
  static final String TRAINING = "training";
  static final String DEAD_LETTERS = "dead-letters";

  static final String EMBEDDINGS = "embeddings";
  static final String JOINED = "joined";
  static final String WAITING = "waiting";

  private Nodes() {}
}
