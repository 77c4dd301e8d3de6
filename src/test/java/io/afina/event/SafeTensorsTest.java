package io.afina.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.SafeTensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {

  private static final SafeTensors FILE =
      new SafeTensors(
          Map.of("label", "bee"), Map.of("w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));

  @Test
  void shouldReadWhatItWrote() {
    // when
    SafeTensors read = SafeTensors.parse(FILE.toBytes());

    // then
    assertThat(read.require("label")).isEqualTo("bee");
    assertThat(read.tensor("w").shape()).containsExactly(2, 3);
    assertThat(read.tensor("w").toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void shouldHaveTheFormThatTheFormatDescribes() {
    // given
    byte[] bytes = FILE.toBytes();

    // then
    int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(length % 8).isZero();
    assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"label\":\"bee\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}");
    assertThat(bytes).hasSize(8 + length + 24);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"w\":{}}",
        "{\"w\":7}",
        "{\"w\":null}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[null,4]}}",
        "{\"w\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[96,100]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,4]}}"
      })
  void shouldRefuseAHeaderThatLies(String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] file = new byte[8 + json.length + 16];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);

    assertThatThrownBy(() -> SafeTensors.parse(file)).isInstanceOf(MalformedRecordException.class);
  }

  @Test
  void shouldRefuseEveryTruncation() {
    byte[] whole = FILE.toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> SafeTensors.parse(cut))
          .as("%d bytes", length)
          .isInstanceOf(MalformedRecordException.class);
    }
  }

  @Test
  void shouldReadOrRefuseAnyBytesButNeverFailOtherwise() {
    SplittableRandom random = new SplittableRandom(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = FILE.toBytes();
      for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        SafeTensors.parse(mutated);
      } catch (MalformedRecordException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1_000, 20_000);
  }
}
