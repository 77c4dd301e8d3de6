package io.afina.picture.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * The memory of one prepared picture, which decoder and engine share: as many numbers as its {@link
 * PictureInput} says, outside the heap, where the engines take it without a copy. It belongs to one
 * thread, and is used for one picture after the other.
 */
public final class PictureTensor {

  private final ByteBuffer bytes;
  private final FloatBuffer numbers;

  /** For pictures of this form. */
  public PictureTensor(PictureInput input) {
    bytes = ByteBuffer.allocateDirect(input.numbers() * Float.BYTES).order(ByteOrder.nativeOrder());
    numbers = bytes.asFloatBuffer();
  }

  /** A copy of the numbers, row after row. */
  public float[] toArray() {
    float[] array = new float[numbers.capacity()];
    numbers.get(0, array);
    return array;
  }

  /** All of it, as bytes in the machine's own order. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** All of it, as numbers. */
  public FloatBuffer numbers() {
    return numbers;
  }
}
