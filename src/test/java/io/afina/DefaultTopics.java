package io.afina;

import io.afina.event.Topics;

/** The topics as they are called unless something else is configured. */
public final class DefaultTopics {

  public static final Topics TOPICS = new Topics("");

  private DefaultTopics() {}
}
