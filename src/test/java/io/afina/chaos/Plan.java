package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.chaos.check.Expected;
import io.afina.chaos.check.Expected.Joined;
import io.afina.chaos.check.Expected.Predicted;
import io.afina.chaos.check.Expected.SetAside;
import io.afina.event.Correction;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What is published, and what must become of it: a function of the seed and a number, so that who
 * checks knows it without having sent it.
 */
final class Plan {

  /** The header that carries a record's number, and which predictions and examples bear too. */
  static final String NUMBER = "chaos.number";

  /** Where the numbers of floods begin. */
  static final long FLOOD = 1L << 40;

  /** Images that are sent, corrected and withdrawn again and again. */
  private static final int REGULARS = 150;

  /** How many steps an early correction is ahead of its image. */
  private static final int AHEAD = 25;

  private static final int RECORDS_PER_STEP = 2;
  private static final List<String> LABELLERS = List.of("ada", "ben", "mia");
  private static final byte[] NO_UTF8 = {(byte) 0xc3, (byte) 0x28};
  private static final int LONGEST_KEY = 1000;

  /** More than a note may have, and the headers that travel. */
  private static final String LARGE = "l".repeat(100_000);

  /** How many of a hundred steps do what. */
  private enum Kind {
    NEW_IMAGE(52),
    REGULAR_IMAGE(12),
    REGULAR_CORRECTION(22),
    WITHDRAWAL(3),
    EARLY_CORRECTION(4),
    CORRECTION_OF_NOTHING(2),
    MALFORMED_CORRECTION(2),
    POISON(3);

    private final int share;

    Kind(int share) {
      this.share = share;
    }

    static Kind at(int hundredth) {
      int below = 0;
      for (Kind kind : values()) {
        below += kind.share;
        if (hundredth < below) {
          return kind;
        }
      }
      throw new IllegalArgumentException("the shares are not a hundred: " + below);
    }
  }

  private final long seed;
  private final int pictures;
  private final IntFunction<byte[]> jpeg;
  private final IntFunction<String> label;

  /**
   * @param pictures how many there are
   * @param jpeg the encoded picture of an index
   * @param label what it shows
   */
  Plan(long seed, int pictures, IntFunction<byte[]> jpeg, IntFunction<String> label) {
    this.seed = seed;
    this.pictures = pictures;
    this.jpeg = jpeg;
    this.label = label;
  }

  /** One record to publish. */
  record Send(
      long number,
      String topic,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Map<String, String> headers,
      Expected expected) {

    ProducerRecord<byte[], byte[]> record() {
      RecordHeaders all = new RecordHeaders();
      all.add(NUMBER, utf8(Long.toString(number)));
      headers.forEach((name, text) -> all.add(name, utf8(text)));
      return new ProducerRecord<>(topic, null, key, value, all);
    }
  }

  /** What is published at a step, in this order. */
  List<Send> step(long step) {
    List<Send> sends = new ArrayList<>(List.of(send(step * RECORDS_PER_STEP)));
    if (step >= AHEAD && kind(step - AHEAD) == Kind.EARLY_CORRECTION) {
      sends.add(send(step * RECORDS_PER_STEP + 1));
    }
    return sends;
  }

  /** The record of a number. */
  Send send(long number) {
    if (number >= FLOOD) {
      return poison(number);
    }
    long step = number / RECORDS_PER_STEP;
    return number % RECORDS_PER_STEP == 0
        ? drawn(number, step)
        : image(number, "early-" + (step - AHEAD));
  }

  /** What must become of the record of a number. */
  Expected expected(long number) {
    return send(number).expected();
  }

  /** What an honest labeller calls an image. */
  String truth(String id) {
    String digits = id.replaceAll("\\D", "");
    long number = digits.isEmpty() ? 0 : Long.parseLong(digits) * RECORDS_PER_STEP;
    return label.apply(picture(number));
  }

  private Send drawn(long number, long step) {
    SplittableRandom random = random(number, 1);
    String regular = "regular-" + random.nextInt(REGULARS);
    return switch (kind(step)) {
      case NEW_IMAGE -> image(number, (step % 10 == 0 ? "new\n\0" : "new-") + step);
      case REGULAR_IMAGE -> image(number, regular);
      case REGULAR_CORRECTION -> correction(number, regular);
      case WITHDRAWAL ->
          new Send(
              number, TOPICS.corrections().name(), utf8(regular), null, Map.of(), new Joined());
      case EARLY_CORRECTION -> correction(number, "early-" + step);
      case CORRECTION_OF_NOTHING -> correction(number, "nobody-" + step);
      case MALFORMED_CORRECTION -> malformed(number, regular);
      case POISON -> poison(number);
    };
  }

  private Send image(long number, String id) {
    int picture = picture(number);
    return new Send(
        number,
        TOPICS.images().name(),
        utf8(id),
        jpeg.apply(picture),
        random(number, 7).nextInt(20) == 0
            ? Map.of("content-type", "image/jpeg", "large", LARGE)
            : Map.of("content-type", "image/jpeg"),
        new Predicted(picture));
  }

  /** One labeller in seven is wrong; half of them say when they decided. */
  private Send correction(long number, String id) {
    SplittableRandom random = random(number, 2);
    boolean wrong = random.nextInt(7) == 0;
    String said = wrong ? label.apply(random.nextInt(pictures)) : truth(id);
    Correction correction =
        new Correction(
            said,
            LABELLERS.get(random.nextInt(LABELLERS.size())),
            random.nextBoolean() ? Instant.ofEpochMilli(number + 1) : null,
            null);
    return new Send(
        number,
        TOPICS.corrections().name(),
        utf8(id),
        Json.write(correction),
        Map.of(),
        new Joined());
  }

  private Send malformed(long number, String id) {
    boolean keyless = random(number, 3).nextInt(3) == 0;
    String value =
        switch (random(number, 8).nextInt(5)) {
          case 0 -> "{\"label\": \"a\", \"note\": \"" + LARGE + "\"}";
          case 1 -> "{\"label\": \"" + LARGE.substring(0, 201) + "\"}";
          case 2 -> "{\"label\": \"\\ud800\"}";
          case 3 -> "{\"label\": \"a\", \"at\": 1700000000000}";
          default -> "{\"label\": ";
        };
    return new Send(
        number,
        TOPICS.corrections().name(),
        keyless ? null : utf8(id),
        utf8(value),
        Map.of(),
        new SetAside(keyless ? Reason.NO_KEY : Reason.MALFORMED));
  }

  private Send poison(long number) {
    byte[] id = utf8("poison-" + number);
    byte[] picture = jpeg.apply(picture(number));
    return switch (random(number, 4).nextInt(8)) {
      case 0 -> dead(number, id, new byte[0], null, Reason.EMPTY);
      case 1 -> dead(number, id, utf8("no picture " + number), null, Reason.NOT_A_PICTURE);
      case 2 ->
          dead(number, id, Arrays.copyOf(picture, picture.length / 3), null, Reason.BROKEN_PICTURE);
      case 3 -> dead(number, id, utf8("1234ftypheic" + number), null, Reason.NOT_A_PICTURE);
      case 4 -> dead(number, null, picture, null, Reason.NO_KEY);
      case 5 -> dead(number, NO_UTF8, picture, null, Reason.BAD_KEY);
      case 6 ->
          new Send(
              number,
              TOPICS.images().name(),
              id,
              picture,
              Map.of("chaos.large", LARGE),
              new SetAside(Reason.TOO_MANY_HEADER_BYTES));
      default ->
          dead(number, utf8(number + "k".repeat(LONGEST_KEY)), picture, null, Reason.KEY_TOO_LONG);
    };
  }

  private static Send dead(
      long number,
      byte @Nullable [] key,
      byte[] value,
      @Nullable String contentType,
      Reason reason) {
    Map<String, String> headers =
        contentType == null ? Map.of() : Map.of("content-type", contentType);
    return new Send(number, TOPICS.images().name(), key, value, headers, new SetAside(reason));
  }

  private Kind kind(long step) {
    return Kind.at(random(step, 5).nextInt(100));
  }

  private int picture(long number) {
    return random(number, 6).nextInt(pictures);
  }

  private SplittableRandom random(long number, int purpose) {
    return new SplittableRandom(new SplittableRandom(seed + number).nextLong() + purpose);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
