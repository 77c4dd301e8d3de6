package io.afina.labelling.queue;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map in the order of insertion that forgets its oldest entry when it has too many. */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {

  private static final long serialVersionUID = 1L;

  private final int most;

  public BoundedMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
