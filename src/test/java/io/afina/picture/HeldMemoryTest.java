package io.afina.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldMemoryTest {

  @Test
  void shouldReferToNoPixelsOnceTheirMemoryIsGivenBackThoughTheRowsAreStillHeld() {
    // given
    PixelRows decoded = PixelRows.of(new BufferedImage(100, 100, BufferedImage.TYPE_3BYTE_BGR));
    WeakReference<PixelRows> pixels = new WeakReference<>(decoded);
    List<Boolean> gone = new ArrayList<>();
    PixelRows held =
        decoded.holding(
            () -> {
              System.gc();
              gone.add(pixels.get() == null);
            });
    decoded = null;

    // when
    held.close();
    held.close();

    // then: given back once
    assertThat(gone).containsExactly(true);
  }
}
