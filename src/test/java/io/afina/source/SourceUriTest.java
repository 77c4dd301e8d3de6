package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.InvalidConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceUriTest {

  @ParameterizedTest
  @CsvSource({
    "HTTPS://A.Com:443/x%7ey/%41.jpg?k=%2e, https://a.com/x~y/A.jpg?k=%2e",
    "http://a.com:80, http://a.com/",
    "http://a.com:8080/%c3%a4, http://a.com:8080/%C3%A4",
    "http://[::1]:80/x, http://[::1]/x",
    "s3://bucket/a+b/c%20d.jpg, s3://bucket/a+b/c%20d.jpg",
    "file:/srv/x.jpg, file:///srv/x.jpg",
    "file:///srv/50%25.jpg, file:///srv/50%25.jpg"
  })
  void shouldHaveOneFormForWhatMeansTheSame(String text, String normal) {
    assertThat(SourceUri.parse(text).text()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x.jpg",
        "jar:file:///x.jar!/y",
        "https:a.com",
        "https:///x",
        "https://user@a.com/x",
        "https://a.com@evil.com/x",
        "https://a.com:b@evil.com/x",
        "https://a.com\\@evil.com/x",
        "https://a.com./x",
        "https://a..com/x",
        "https://a.com:70000/x",
        "https://a.com/x#y",
        "https://a.com/a/../x",
        "https://a.com/a/%2e%2e/x",
        "https://a.com/a/.%2E/x",
        "https://a.com/a/..;/x",
        "https://a.com/a/..%3b/x",
        "https://a.com/a/%2e%2e%2fx",
        "https://a.com/a%5cx",
        "https://a.com/a/%252e%252e/x",
        "https://a.com/a%00.jpg",
        "https://a.com/a b",
        "https://a.com/\u00e4",
        "https://a.com/x\r\nHost: b.com",
        "s3://Bucket/x",
        "s3://a@bucket/x",
        "s3://bucket:80/x",
        "s3://bucket/x?versionId=1",
        "file://host/x",
        "file:///a/../x",
        "file:///x?y"
      })
  void shouldRefuseWhatCouldBeReadInTwoWays(String text) {
    assertThatThrownBy(() -> SourceUri.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.com, https://a.com/x, true",
    "https://a.com, https://A.com:443/x?y, true",
    "https://a.com, https://a.com.evil/x, false",
    "https://a.com, https://evila.com/x, false",
    "https://a.com, http://a.com/x, false",
    "https://a.com, https://a.com:444/x, false",
    "https://a.com/p, https://a.com/p, true",
    "https://a.com/p, https://a.com/p/x, true",
    "https://a.com/p, https://a.com/pictures, false",
    "https://a.com/p, https://a.com/%70/x, true",
    "https://a.com/p/, https://a.com/p, false",
    "https://a.com/p, https://a.com/P/x, false",
    "s3://bucket, s3://bucket/x, true",
    "s3://bucket, s3://bucket-2/x, false",
    "file:///srv/p, file:///srv/p/x, true",
    "file:///srv/p, file:///srv/private, false"
  })
  void shouldAllowWhatIsBelowAPrefixAndNothingElse(String prefix, String uri, boolean allowed) {
    assertThat(SourceUri.parse(prefix).covers(SourceUri.parse(uri))).isEqualTo(allowed);
  }

  @Test
  void shouldNotShowAQueryWhichMayBeASecret() {
    assertThat(SourceUri.parse("https://a.com/x?signature=secret")).hasToString("https://a.com/x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.com", "https://a.com/?x", "https://user@a.com/"})
  void shouldSayWhichPrefixIsNone(String prefix) {
    assertThatThrownBy(() -> AllowedSources.of(List.of("https://fine.com/", prefix)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("pictures.sources has " + prefix);
  }
}
