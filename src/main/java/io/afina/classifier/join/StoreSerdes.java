package io.afina.classifier.join;

import io.afina.classifier.join.PendingCorrections.Pending;
import io.afina.event.Embedding;
import io.afina.event.Float16;
import io.afina.event.Json;
import io.afina.event.TrainingExample.ImagePlace;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Serializes the values of the state stores. Every value has a version. Values of the first format
 * have none; they are recognised with certainty, and read as well.
 *
 * <p>JSON has its version in front: JSON of the first format begins with a brace, which is no
 * version.
 *
 * <p>An embedding has it behind the backbone's hash, which is the only place where no value of the
 * first format can look the same. There, the first number of the embedding stood, as a half (IEEE
 * 754, binary16). {@link #MARK}, whatever follows it, is the upper byte of a NaN: its exponent is
 * all ones, its fraction is not 0. An embedding has at least one number and only finite ones, since
 * a backbone that gives another is refused, and a finite number becomes a half that is finite or
 * infinite. The hash in front cannot tell, as any bytes may be a hash, and neither can the length:
 * in the first format it was any even number from 34 on, and with a trace any odd one from 59 on.
 */
final class StoreSerdes {

  private static final byte VERSION = 1;
  private static final byte SECOND_VERSION = 2;
  static final int HASH = 32;
  private static final byte MARK = (byte) 0xff;
  private static final int HEADER = HASH + 3;
  private static final int TRACE_ID = 16;
  private static final int SPAN_ID = 8;
  private static final int TRACE = TRACE_ID + SPAN_ID + 1;

  private StoreSerdes() {}

  /**
   * The backbone's hash (32 bytes), {@link #MARK}, the second version, 1 or 0 for whether the image
   * is traced, the ids of trace and span and the trace's flags if it is (25 bytes), the place of
   * the image as JSON behind its length (4 bytes, -1 for none), then two bytes a dimension: about
   * 2,680 bytes for 1280. The first version has no place and no length.
   *
   * <p>The first format: the hash, two bytes a dimension, and the 25 bytes of a trace at the end of
   * a value that has an odd length.
   */
  static Serde<TracedEmbedding> embedding() {
    return Serdes.serdeFrom(
        (topic, embedding) -> embedding == null ? null : write(embedding),
        (topic, bytes) -> bytes == null ? null : readEmbedding(bytes));
  }

  /** The version (1 byte), then JSON. */
  static <T> Serde<T> json(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : versioned(Json.write(value)),
        (topic, bytes) -> bytes == null ? null : Json.read(withoutVersion(bytes), type));
  }

  /**
   * The second version (1 byte), the time of arrival (8 bytes), the correction with its bytes as
   * they are ({@link SourceRecord#writeTo}), and the votes as JSON behind their length (4 bytes).
   * In the first version and format all was JSON, with the bytes in Base64 and the correction once
   * more.
   */
  static Serde<Pending> pending() {
    Serde<Pending> before = json(Pending.class);
    return Serdes.serdeFrom(
        (topic, pending) -> pending == null ? null : write(pending),
        (topic, bytes) ->
            bytes == null || bytes[0] != SECOND_VERSION
                ? before.deserializer().deserialize(topic, bytes)
                : readPending(ByteBuffer.wrap(bytes, 1, bytes.length - 1)));
  }

  private static byte[] write(Pending pending) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(SECOND_VERSION);
      out.writeLong(pending.since());
      pending.source().writeTo(out);
      SourceRecord.put(out, Json.write(Votes.of(pending.votes())));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  private static Pending readPending(ByteBuffer in) {
    long since = in.getLong();
    SourceRecord source = SourceRecord.readFrom(in);
    byte[] votes = Objects.requireNonNull(SourceRecord.take(in));
    return new Pending(source, since, Json.read(votes, Votes.class));
  }

  private static byte[] versioned(byte[] json) {
    return ByteBuffer.allocate(1 + json.length).put(VERSION).put(json).array();
  }

  private static byte[] withoutVersion(byte[] bytes) {
    if (bytes[0] == '{') {
      return bytes;
    }
    requireKnown(bytes[0], VERSION);
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }

  private static byte[] write(TracedEmbedding traced) {
    Embedding embedding = traced.embedding();
    SpanContext span = traced.trace();
    int trace = span.isValid() ? TRACE : 0;
    byte[] place = traced.place() == null ? new byte[0] : Json.write(traced.place());
    int bytes =
        HEADER + trace + Integer.BYTES + place.length + embedding.values().length * Short.BYTES;
    ByteBuffer buffer =
        ByteBuffer.allocate(bytes)
            .put(HexFormat.of().parseHex(embedding.backbone()))
            .put(MARK)
            .put(SECOND_VERSION)
            .put((byte) (trace > 0 ? 1 : 0));
    if (trace > 0) {
      buffer.put(span.getTraceIdBytes()).put(span.getSpanIdBytes());
      buffer.put(span.getTraceFlags().asByte());
    }
    buffer.putInt(traced.place() == null ? -1 : place.length).put(place);
    putValues(buffer, embedding.values());
    return buffer.array();
  }

  private static TracedEmbedding readEmbedding(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    String backbone = hex(buffer, HASH);
    if (!isVersioned(bytes)) {
      boolean traced = bytes.length % Short.BYTES != 0;
      float[] values = values(buffer, buffer.remaining() - (traced ? TRACE : 0));
      return new TracedEmbedding(new Embedding(backbone, values), trace(buffer, traced), null);
    }
    byte version = bytes[HASH + 1];
    requireKnown(version, SECOND_VERSION);
    SpanContext trace = trace(buffer.position(HEADER), bytes[HEADER - 1] == 1);
    ImagePlace place = version == SECOND_VERSION ? place(buffer) : null;
    return new TracedEmbedding(
        new Embedding(backbone, values(buffer, buffer.remaining())), trace, place);
  }

  private static @Nullable ImagePlace place(ByteBuffer in) {
    byte[] json = SourceRecord.take(in);
    return json == null ? null : Json.read(json, ImagePlace.class);
  }

  /**
   * The version (1 byte), when the label came (8 bytes), the label and the place of the image as
   * JSON, each behind its length (4 bytes, -1 for no place), then of each embedding its length (4
   * bytes), the backbone's hash (32 bytes) and two bytes a dimension.
   */
  static Serde<Labelled> labelled() {
    return Serdes.serdeFrom(
        (topic, labelled) -> labelled == null ? null : write(labelled),
        (topic, bytes) -> bytes == null ? null : readLabelled(ByteBuffer.wrap(bytes)));
  }

  private static byte[] write(Labelled labelled) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeLong(labelled.joined());
      SourceRecord.put(out, Json.write(labelled.label()));
      SourceRecord.put(out, labelled.image() == null ? null : Json.write(labelled.image()));
      for (Embedding embedding : labelled.embeddings()) {
        out.writeInt(HASH + embedding.values().length * Short.BYTES);
        write(out, embedding);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes what is written", e);
    }
    return bytes.toByteArray();
  }

  private static Labelled readLabelled(ByteBuffer in) {
    requireKnown(in.get(), VERSION);
    long joined = in.getLong();
    Joined label = Json.read(Objects.requireNonNull(SourceRecord.take(in)), Joined.class);
    ImagePlace place = place(in);
    List<Embedding> embeddings = new ArrayList<>();
    while (in.hasRemaining()) {
      int bytes = in.getInt() - HASH;
      embeddings.add(new Embedding(hex(in, HASH), values(in, bytes)));
    }
    return new Labelled(label, embeddings, place, joined);
  }

  /** Writes the backbone's hash (32 bytes) and the numbers, as halves. */
  static void write(DataOutputStream out, Embedding embedding) throws IOException {
    out.write(HexFormat.of().parseHex(embedding.backbone()));
    ByteBuffer halves = ByteBuffer.allocate(embedding.values().length * Short.BYTES);
    putValues(halves, embedding.values());
    out.write(halves.array());
  }

  private static boolean isVersioned(byte[] bytes) {
    return bytes[HASH] == MARK;
  }

  private static void requireKnown(byte version, byte newest) {
    if (version < VERSION || version > newest) {
      throw new IllegalStateException(
          "a stored value has version %d and this Afina reads %d: start the one that wrote it, or name another folder for state stores and another classifier.applicationId"
              .formatted(version, newest));
    }
  }

  private static void putValues(ByteBuffer buffer, float[] values) {
    for (float value : values) {
      buffer.putShort(Float16.fromFloat(value));
    }
  }

  /** Reads the numbers of an embedding, of two bytes each. */
  static float[] values(ByteBuffer buffer, int bytes) {
    float[] values = new float[bytes / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float16.toFloat(buffer.getShort());
    }
    return values;
  }

  private static SpanContext trace(ByteBuffer buffer, boolean traced) {
    return traced
        ? SpanContext.createFromRemoteParent(
            hex(buffer, TRACE_ID),
            hex(buffer, SPAN_ID),
            TraceFlags.fromByte(buffer.get()),
            TraceState.getDefault())
        : SpanContext.getInvalid();
  }

  static String hex(ByteBuffer buffer, int count) {
    byte[] bytes = new byte[count];
    buffer.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
