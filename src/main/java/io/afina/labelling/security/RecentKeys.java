package io.afina.labelling.security;

import java.util.LinkedHashMap;
import java.util.Map;

/** What is remembered of the keys that were used last: so many that memory is bounded. */
final class RecentKeys<V> extends LinkedHashMap<String, V> {

  private static final long serialVersionUID = 1L;
  private static final int MOST = 10_000;
  private static final int CAPACITY = 16;
  private static final float LOAD = 0.75f;

  RecentKeys() {
    super(CAPACITY, LOAD, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
    return size() > MOST;
  }
}
