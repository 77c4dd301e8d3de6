package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.afina.Ports;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures in S3, over a server that speaks its protocol. */
class S3SourceIT {

  private static final byte[] PICTURE = new byte[300_000];

  /** What the SDK looks for first. */
  private static final Map<String, String> CREDENTIALS =
      Map.of("aws.accessKeyId", "key", "aws.secretAccessKey", "secret", "aws.region", "us-east-1");

  private static S3Server server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    CREDENTIALS.forEach(System::setProperty);
    Arrays.fill(PICTURE, (byte) 7);
    server = new S3Server(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
    CREDENTIALS.keySet().forEach(System::clearProperty);
  }

  @ParameterizedTest
  @CsvSource({
    "x.jpg, s3://pictures/in/x.jpg",
    "2026/a b+c.jpg, s3://pictures/in/2026/a%20b+c.jpg",
    "ä.jpg, s3://pictures/in/%C3%A4.jpg"
  })
  void shouldFetchAnObject(String key, String uri) throws Exception {
    // given
    server.put("pictures", "in/" + key, PICTURE);
    try (PictureSources sources = open("s3://pictures/in/", server.endpoint())) {
      // then
      assertThat(sources.read(Door.bytes(uri), Door.list()).bytes()).isEqualTo(PICTURE);
    }
  }

  @Test
  void shouldFetchOnlyFromWhereItMay() {
    // given
    server.put("pictures", "out/x.jpg", PICTURE);
    server.put("others", "in/x.jpg", PICTURE);
    try (PictureSources sources = open("s3://pictures/in", server.endpoint())) {
      // then
      assertThat(reason(sources, "s3://pictures/out/x.jpg")).isEqualTo(Reason.FORBIDDEN);
      assertThat(reason(sources, "s3://others/in/x.jpg")).isEqualTo(Reason.FORBIDDEN);
      assertThat(reason(sources, "s3://pictures/in/../out/x.jpg")).isEqualTo(Reason.BAD_REFERENCE);
    }
  }

  @Test
  void shouldSayWhatIsMissingOrTooLarge() {
    // given
    server.put("pictures", "in/large.jpg", new byte[Door.MAX_BYTES + 1]);
    try (PictureSources sources = open("s3://pictures/in/,s3://nowhere/", server.endpoint())) {
      // then
      assertThat(reason(sources, "s3://pictures/in/none.jpg")).isEqualTo(Reason.NOT_FOUND);
      assertThat(reason(sources, "s3://nowhere/x.jpg")).isEqualTo(Reason.NOT_FOUND);
      assertThat(reason(sources, "s3://pictures/in/large.jpg")).isEqualTo(Reason.TOO_MANY_BYTES);
    }
  }

  @Test
  void shouldTellWhenTheStoreDoesNotAnswer() {
    try (PictureSources sources = open("s3://pictures/", "http://127.0.0.1:" + Ports.free())) {
      assertThat(reason(sources, "s3://pictures/in/x.jpg")).isEqualTo(Reason.UNREACHABLE);
    }
  }

  private static PictureSources open(String allowed, String endpoint) {
    return new PictureSources(
        ConfigLoader.defaults()
            .set("pictures.sources", allowed)
            .set("pictures.s3Endpoint", endpoint)
            .set("pictures.maxBytes", Door.MAX_BYTES)
            .load()
            .pictures(),
        new SimpleMeterRegistry());
  }

  private static Reason reason(PictureSources sources, String uri) {
    return catchThrowableOfType(
            UnusableRecordException.class, () -> sources.read(Door.bytes(uri), Door.list()))
        .reason();
  }
}
