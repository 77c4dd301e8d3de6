package io.afina.classifier.join;

/** The names of the topology's nodes and of its state stores. */
public final class Nodes {

  public static final String IMAGES = "images";
  public static final String CLASSIFY = "classify";
  public static final String PREDICTIONS = "predictions";
  public static final String CORRECTIONS = "corrections";
  public static final String ASK = "ask";
  public static final String REVIEW = "review";
  public static final String HOME = "home";
  public static final String STRAYS = "strays";
  public static final String TRAINING = "training";
  public static final String PICTURES = "pictures";
  public static final String DEAD_LETTERS = "dead-letters";

  public static final String READ_CORRECTION = "read-correction";
  public static final String READ_STRAY = "read-stray";
  public static final String JOIN = "join";
  static final String SEND_HOME = "send-home";

  static final String EMBEDDINGS = "embeddings";

  /** Of earlier versions; see {@link LabelledStore}. */
  static final String JOINED = "joined";

  static final String LABELLED = "labelled";
  static final String WAITING = "waiting";

  private Nodes() {}
}
