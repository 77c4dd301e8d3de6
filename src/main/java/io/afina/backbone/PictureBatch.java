package io.afina.backbone;

import io.afina.picture.tensor.PictureTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Prepared pictures, one behind the other in memory outside the heap, which the engines take as it
 * is.
 *
 * @param numbers {@code float32[size,3,side,side]} in the machine's own order
 * @param size how many pictures
 */
public record PictureBatch(ByteBuffer numbers, int size) {

  /** A batch of one picture, whose memory it shares. */
  static PictureBatch of(PictureTensor tensor) {
    return new PictureBatch(tensor.bytes(), 1);
  }

  /** A batch of copies. */
  static PictureBatch of(List<float[]> pictures, int numbersEach) {
    ByteBuffer numbers = memory(pictures.size(), numbersEach * Float.BYTES);
    for (int i = 0; i < pictures.size(); i++) {
      numbers.asFloatBuffer().put(i * numbersEach, pictures.get(i));
    }
    return new PictureBatch(numbers, pictures.size());
  }

  /** Some pictures of this batch, whose memory they share. */
  PictureBatch part(int first, int count) {
    int each = numbers.capacity() / size;
    return new PictureBatch(
        numbers.slice(first * each, count * each).order(ByteOrder.nativeOrder()), count);
  }

  /** Memory for so many pictures. */
  static ByteBuffer memory(int pictures, int bytesEach) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(pictures, bytesEach))
        .order(ByteOrder.nativeOrder());
  }
}
