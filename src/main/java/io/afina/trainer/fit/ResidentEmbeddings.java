package io.afina.trainer.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.afina.trainer.data.EmbeddingBlocks;
import io.afina.trainer.data.ExampleSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps embeddings in half precision where the engine computes. An accelerator has a memory of its
 * own: they are copied there once, and from then on only those that came since. A processor reads
 * the dataset's memory; a second copy there would double it. For one thread.
 */
final class ResidentEmbeddings implements AutoCloseable {

  /** How many are copied to an accelerator at once. */
  private static final int CHUNK = 512;

  private final NDManager manager;
  private final boolean copies;
  private @Nullable EmbeddingBlocks source;
  private @Nullable NDArray copy;
  private long writes;

  /** What the engine reads; on a processor its arrays are views of this. */
  private ByteBuffer halves = ByteBuffer.allocateDirect(0);

  /**
   * Of no embeddings yet.
   *
   * @param manager of the device
   * @param copies whether the device has a memory of its own
   */
  ResidentEmbeddings(NDManager manager, boolean copies) {
    this.manager = manager.newSubManager();
    this.copies = copies;
  }

  /** Some examples in half precision, {@code [rows, width]}, valid until the next call. */
  NDArray rows(NDManager owner, ExampleSet examples, int[] rows) {
    int[] slots = IntStream.of(rows).map(examples::slot).toArray();
    return copies
        ? current(examples.embeddings()).get(owner, new NDIndex("{}", owner.create(slots)))
        : read(owner, examples.embeddings(), slots);
  }

  NDManager manager() {
    return manager;
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The copy, with all that came since the last time. */
  private NDArray current(EmbeddingBlocks embeddings) {
    if (embeddings != source) {
      source = embeddings;
      writes = 0;
    }
    NDArray room = withRoomFor(embeddings);
    int[] changed = embeddings.changedSince(writes);
    for (int from = 0; from < changed.length; from += CHUNK) {
      int[] slots = Arrays.copyOfRange(changed, from, Math.min(changed.length, from + CHUNK));
      try (NDManager step = manager.newSubManager()) {
        put(room, slots, read(step, embeddings, slots));
      }
    }
    writes = embeddings.writes();
    return room;
  }

  /** The copy, large enough for all slots; it grows by half, so that it seldom moves. */
  private NDArray withRoomFor(EmbeddingBlocks embeddings) {
    NDArray before = copy;
    long rows = before == null ? 0 : before.getShape().get(0);
    if (before != null
        && rows >= embeddings.slots()
        && before.getShape().get(1) == embeddings.width()) {
      return before;
    }
    Shape shape = new Shape(embeddings.slots() * 3L / 2, embeddings.width());
    NDArray larger = manager.zeros(shape, DataType.FLOAT16);
    if (before != null && before.getShape().get(1) == embeddings.width()) {
      larger.set(new NDIndex("0:{}", rows), before);
    } else {
      writes = 0;
    }
    if (before != null) {
      before.close();
    }
    copy = larger;
    return larger;
  }

  /** Writes rows to these slots, those that lie one after the other at once. */
  private static void put(NDArray room, int[] slots, NDArray rows) {
    int at = 0;
    while (at < slots.length) {
      int end = at + 1;
      while (end < slots.length && slots[end] == slots[end - 1] + 1) {
        end++;
      }
      NDArray run = rows.get(new NDIndex("{}:{}", at, end));
      room.set(new NDIndex("{}:{}", slots[at], slots[at] + end - at), run);
      at = end;
    }
  }

  private NDArray read(NDManager owner, EmbeddingBlocks embeddings, int[] slots) {
    int bytes = slots.length * embeddings.width() * Short.BYTES;
    if (halves.capacity() < bytes) {
      halves = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    halves.clear();
    for (int slot : slots) {
      embeddings.copyHalves(slot, halves);
    }
    Shape shape = new Shape(slots.length, embeddings.width());
    return owner.create(halves.flip(), shape, DataType.FLOAT16);
  }
}
