package io.afina.trainer.data;

import io.afina.event.Float16;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Stores embeddings of one size in half precision, two bytes a value, in blocks: growing copies
 * nothing and never needs twice the memory. For one thread.
 */
public final class EmbeddingBlocks {

  /**
   * Below half of the smallest region of the G1 collector (1 MB), so that a block is no humongous
   * object.
   */
  private static final int BLOCK_VALUES = 250_000;

  /** Every half in single precision: looking one up is faster than computing it. */
  private static final float[] FLOATS = new float[1 << 16];

  static {
    for (int half = 0; half < FLOATS.length; half++) {
      FLOATS[half] = Float16.toFloat((short) half);
    }
  }

  private final int width;
  private final int rowsPerBlock;
  private final List<short[]> blocks = new ArrayList<>();
  private final Deque<Integer> free = new ArrayDeque<>();

  /** When each slot was written last, as the number of the write. */
  private long[] written = new long[1024];

  private long writes;
  private int used;

  EmbeddingBlocks(int width) {
    this.width = width;
    this.rowsPerBlock = Math.max(1, BLOCK_VALUES / width);
  }

  /** Numbers of an embedding. */
  public int width() {
    return width;
  }

  /** How many slots there are, free ones among them. */
  public int slots() {
    return used;
  }

  /** How many embeddings have been stored so far. */
  public long writes() {
    return writes;
  }

  /** The slots that were written after so many writes. */
  public int[] changedSince(long writes) {
    return IntStream.range(0, used).filter(slot -> written[slot] > writes).toArray();
  }

  /** Stores an embedding, and gives its slot. */
  int add(float[] values) {
    int slot = free.isEmpty() ? used++ : free.pop();
    if (slot / rowsPerBlock == blocks.size()) {
      blocks.add(new short[rowsPerBlock * width]);
    }
    short[] block = blocks.get(slot / rowsPerBlock);
    int at = slot % rowsPerBlock * width;
    for (int i = 0; i < width; i++) {
      block[at + i] = Float16.fromFloat(values[i]);
    }
    if (slot == written.length) {
      written = Arrays.copyOf(written, slot * 2);
    }
    written[slot] = ++writes;
    return slot;
  }

  /** Frees a slot. */
  void remove(int slot) {
    free.push(slot);
  }

  /** Whether no slot holds an embedding. */
  boolean isEmpty() {
    return free.size() == used;
  }

  /** Writes an embedding in single precision. */
  void copy(int slot, float[] into, int at) {
    short[] block = blocks.get(slot / rowsPerBlock);
    int from = slot % rowsPerBlock * width;
    for (int i = 0; i < width; i++) {
      into[at + i] = FLOATS[block[from + i] & 0xffff];
    }
  }

  /** Appends an embedding as it is kept, in the order of bytes of the buffer. */
  public void copyHalves(int slot, ByteBuffer into) {
    short[] block = blocks.get(slot / rowsPerBlock);
    into.asShortBuffer().put(block, slot % rowsPerBlock * width, width);
    into.position(into.position() + width * Short.BYTES);
  }
}
