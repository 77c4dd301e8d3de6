package io.afina.chaos;

import io.afina.event.ReviewItem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a record that may be anything. */
final class Fields {

  private Fields() {}

  static @Nullable String text(ReviewItem.@Nullable ReviewReason reason) {
    return reason == null ? null : reason.text();
  }

  static long number(Headers headers) {
    Header header = headers.lastHeader(Plan.NUMBER);
    return header == null ? -1 : Long.parseLong(utf8(header.value()));
  }

  /** Null where the key is no image id. */
  static @Nullable String id(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(record.key())).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** A hash of a record as it was published: a dead letter's own headers do not count. */
  static String bytes(ConsumerRecord<byte[], byte[]> record) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, record.key());
      add(digest, record.value());
      for (Header header : record.headers()) {
        if (!header.key().startsWith("afina.")) {
          add(digest, header.key().getBytes(StandardCharsets.UTF_8));
          add(digest, header.value());
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, byte @Nullable [] part) {
    digest.update(
        ByteBuffer.allocate(Integer.BYTES).putInt(part == null ? -1 : part.length).flip());
    if (part != null) {
      digest.update(part);
    }
  }

  static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
