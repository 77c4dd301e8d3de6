package io.afina.backbone;

import io.afina.picture.PictureTensor;
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
record PictureBatch(ByteBuffer numbers, int size) {

  /** A batch of one picture, whose memory it shares. */
  static PictureBatch of(PictureTensor tensor) {
    return new PictureBatch(tensor.bytes(), 1);
  }

  /** A batch of copies. */
  static PictureBatch of(List<float[]> pictures, int numbersEach) {
    ByteBuffer numbers =
        ByteBuffer.allocateDirect(pictures.size() * numbersEach * Float.BYTES)
            .order(ByteOrder.nativeOrder());
    for (int i = 0; i < pictures.size(); i++) {
      numbers.asFloatBuffer().put(i * numbersEach, pictures.get(i));
    }
    return new PictureBatch(numbers, pictures.size());
  }
}
