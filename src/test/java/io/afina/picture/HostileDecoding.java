package io.afina.picture;

import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.event.UnusableRecordException;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A process that decodes hostile pictures in several threads, and says what became of each. */
final class HostileDecoding {

  private HostileDecoding() {}

  /** Arguments: the side of the pictures, the number of threads. */
  public static void main(String[] arguments) throws Exception {
    PicturesConfig limits = ConfigLoader.defaults().load().pictures();
    PictureDecoder fast = new PictureDecoder(limits, Inputs.plain(256, 224));
    PictureDecoder portable = new PictureDecoder(limits, Inputs.plain(256, 224), false);
    byte[] good = Drawn.jpeg(Drawn.quarters(500, 375, BufferedImage.TYPE_INT_RGB), false);
    Map<String, byte[]> pictures = HostilePictures.all(Integer.parseInt(arguments[0]));
    int threads = Integer.parseInt(arguments[1]);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> all = new ArrayList<>();
    pictures.forEach(
        (name, bytes) -> {
          for (int i = 0; i < threads; i++) {
            all.add(pool.submit(() -> say(name, outcome(fast, bytes))));
            all.add(pool.submit(() -> say(name + ", portable", outcome(portable, bytes))));
            all.add(pool.submit(() -> say("good", outcome(fast, good))));
          }
        });
    for (Future<?> each : all) {
      each.get();
    }
    pool.shutdown();
    System.out.println("all have an outcome");
  }

  private static void say(String name, String outcome) {
    System.out.println(name + ": " + outcome);
  }

  private static String outcome(PictureDecoder decoder, byte[] bytes) {
    try {
      decoder.decodeToTensor(bytes, null);
      return "decoded";
    } catch (UnusableRecordException e) {
      return e.reason() + ", " + e.why();
    }
  }
}
