package io.afina.labelling.feed;

import io.afina.event.RecordId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps the pictures that were used last, within a number of bytes. Safe for any thread. */
final class PictureCache {

  private static final float LOAD = 0.75f;

  private final long limit;
  private final Map<RecordId, byte[]> pictures = new LinkedHashMap<>(16, LOAD, true);
  private long size;

  PictureCache(long limit) {
    this.limit = limit;
  }

  synchronized Optional<byte[]> get(RecordId place) {
    return Optional.ofNullable(pictures.get(place));
  }

  synchronized void put(RecordId place, byte[] picture) {
    if (picture.length > limit || pictures.containsKey(place)) {
      return;
    }
    pictures.put(place, picture);
    size += picture.length;
    for (Iterator<byte[]> oldest = pictures.values().iterator(); size > limit; ) {
      size -= oldest.next().length;
      oldest.remove();
    }
  }

  synchronized long size() {
    return size;
  }
}
