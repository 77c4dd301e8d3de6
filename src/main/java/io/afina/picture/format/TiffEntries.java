package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.afina.event.UnusableRecordException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some of the entries of the first directory of a TIFF file, as they are in it (TIFF 6.0, section
 * 2): a tag has numbers of a type.
 */
final class TiffEntries {

  /** Of a tag; a palette of 16 bits has most. */
  static final int MOST_NUMBERS = 200_000;

  /** Bytes of a number by its type, from BYTE to DOUBLE. */
  private static final int[] LENGTHS = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

  private static final int START = 4;
  private static final int ENTRY = 12;
  private static final int VALUE = 8;
  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int LONGEST_TEXT = 1 << 20;

  private final ByteBuffer tiff;
  private final SortedMap<Integer, Integer> places = new TreeMap<>();

  private TiffEntries(ByteBuffer tiff) {
    this.tiff = tiff;
  }

  /**
   * Reads those of some tags.
   *
   * @param tiff in its own order
   * @throws UnusableRecordException when one of them is not in the file as a whole
   */
  static TiffEntries of(ByteBuffer tiff, Set<Integer> tags) throws UnusableRecordException {
    TiffEntries entries = new TiffEntries(tiff);
    entries.require(START, Integer.BYTES);
    long at = tiff.getInt(START) & 0xffff_ffffL;
    entries.require(at, Short.BYTES);
    int count = tiff.getShort((int) at) & 0xffff;
    entries.require(at + Short.BYTES, (long) count * ENTRY);
    for (int i = 0; i < count; i++) {
      entries.add((int) at + Short.BYTES + i * ENTRY, tags);
    }
    return entries;
  }

  private void add(int entry, Set<Integer> tags) throws UnusableRecordException {
    int tag = tiff.getShort(entry) & 0xffff;
    int type = type(entry);
    if (!tags.contains(tag) || type < 1 || type >= LENGTHS.length) {
      return;
    }
    long count = tiff.getInt(entry + 4) & 0xffff_ffffL;
    if (count > MOST_NUMBERS && LENGTHS[type] > 1) {
      throw Broken.because("the TIFF has %,d numbers for tag %d".formatted(count, tag));
    }
    require(place(entry), count * LENGTHS[type]);
    places.putIfAbsent(tag, entry);
  }

  /** A directory of those of some tags, with no other to follow. */
  byte[] directory(Set<Integer> tags) {
    SortedMap<Integer, Integer> kept = new TreeMap<>(places);
    kept.keySet().retainAll(tags);
    ByteBuffer directory =
        ByteBuffer.allocate(Short.BYTES + ENTRY * kept.size() + Integer.BYTES).order(tiff.order());
    directory.putShort((short) kept.size());
    for (int entry : kept.values()) {
      directory.put(tiff.slice(entry, ENTRY));
    }
    return directory.array();
  }

  boolean has(int tag) {
    return places.containsKey(tag);
  }

  /** How many numbers a tag has; 0 where it is not there. */
  int count(int tag) {
    Integer entry = places.get(tag);
    return entry == null ? 0 : tiff.getInt(entry + 4);
  }

  /** How many all have. */
  long numbers() {
    return places.keySet().stream().mapToLong(this::count).sum();
  }

  /** One of the numbers of a tag; 0 where it has no whole ones, or fewer. */
  long number(int tag, int index) {
    if (index >= count(tag)) {
      return 0;
    }
    int entry = Objects.requireNonNull(places.get(tag));
    int at = (int) place(entry);
    return switch (type(entry)) {
      case BYTE -> tiff.get(at + index) & 0xff;
      case SHORT -> tiff.getShort(at + index * Short.BYTES) & 0xffff;
      case LONG -> tiff.getInt(at + index * Integer.BYTES) & 0xffff_ffffL;
      default -> 0;
    };
  }

  /** The bytes of a tag as text, up to a megabyte of it; empty where it is not there. */
  String text(int tag) {
    Integer entry = places.get(tag);
    int length = Math.min(LONGEST_TEXT, count(tag));
    if (entry == null) {
      return "";
    }
    byte[] text = new byte[length];
    tiff.get((int) place(entry), text);
    return new String(text, ISO_8859_1);
  }

  private int type(int entry) {
    return tiff.getShort(entry + 2) & 0xffff;
  }

  private long place(int entry) {
    long length = (tiff.getInt(entry + 4) & 0xffff_ffffL) * LENGTHS[type(entry)];
    return length <= Integer.BYTES ? entry + VALUE : tiff.getInt(entry + VALUE) & 0xffff_ffffL;
  }

  private void require(long at, long length) throws UnusableRecordException {
    if (at + length > tiff.limit()) {
      throw Broken.because("the TIFF is cut short");
    }
  }
}
