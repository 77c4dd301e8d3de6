package io.afina.picture;

import io.afina.config.PicturesConfig;

/**
 * The memory that all decoders of a process may use at once.
 *
 * @param heap of ImageIO's decoders
 * @param natively of the native JPEG decoder, and of what ImageIO's keeps outside the heap
 */
record DecoderMemory(MemoryBudget heap, MemoryBudget natively) {

  private static final int PART_OF_HEAP = 4;

  static DecoderMemory of(PicturesConfig limits) {
    long heap =
        limits.decodeHeapBytes() > 0
            ? limits.decodeHeapBytes()
            : Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
    return new DecoderMemory(
        new MemoryBudget("pictures.decodeHeapBytes", heap),
        new MemoryBudget("pictures.decodeNativeBytes", limits.decodeNativeBytes()));
  }
}
