package io.afina.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesConfigTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pictures.fetchTime | 1h | pictures.fetchTime is PT1H | between 100ms and 2m",
        "pictures.fetches | 0 | pictures.fetches is 0 | between 1 and 1,000",
        "pictures.keptQuality | 0 | pictures.keptQuality is 0 | between 1 and 100",
        "pictures.keptRate | 0 | pictures.keptRate is 0 | between 1 and 10,000",
        "pictures.keptSide | 32 | pictures.keptSide is 32 | between 64 and 2,048",
        "pictures.s3Endpoint | minio:9000 | pictures.s3Endpoint is minio:9000 | https://minio"
      })
  void shouldSayHowPicturesMayBeFetchedAndKept(
      String key, String value, String first, String second) {
    assertThatThrownBy(() -> ConfigLoader.defaults().set(key, value).load())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(first)
        .hasMessageContaining(second);
  }
}
