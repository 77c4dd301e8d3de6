package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Sha256;
import io.afina.event.UnusableRecordException;
import io.afina.lifecycle.Worker;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

/** Servers that are slow, lie, break off, never end, or are well after a while. */
class HostileServerTest {

  private static final byte[] PICTURE = new byte[50_000];

  /** A fetch may take a second; the rest is for a busy machine. */
  private static final Duration PROMPT = Duration.ofSeconds(8);

  @Test
  void shouldFetchAPictureAndMeasureIt() throws Exception {
    try (RawServer server = new RawServer((path, turn, out) -> RawServer.ok(out, PICTURE));
        Door door = Door.to(server.address())) {
      // when
      byte[] picture = door.read(server.address() + "a.jpg");

      // then
      assertThat(picture).isEqualTo(PICTURE);
      assertThat(
              door.meters()
                  .get("afina.picture.fetch")
                  .tag("scheme", "http")
                  .tag("outcome", "fetched")
                  .timer()
                  .count())
          .isOne();
    }
  }

  @Test
  void shouldTryAgainUntilTheSourceIsWell() throws Exception {
    try (RawServer server = new RawServer(HostileServerTest::wellAtLast);
        Door door = Door.to(server.address())) {
      // when
      byte[] picture = door.read(server.address() + "a.jpg");

      // then
      assertThat(picture).isEqualTo(PICTURE);
      assertThat(server.connections()).isEqualTo(4);
      assertThat(door.retries()).isEqualTo(3);
    }
  }

  private static void wellAtLast(String path, int turn, OutputStream out) throws IOException {
    switch (turn) {
      case 1 -> RawServer.head(out, "503 Service Unavailable", "Content-Length: 0");
      case 2 -> RawServer.head(out, "429 Too Many Requests", "Content-Length: 0");
      case 3 -> RawServer.ok(out, PICTURE.length, new byte[10]);
      default -> RawServer.ok(out, PICTURE);
    }
  }

  @Test
  void shouldNotAskAgainForWhatIsNotThereOrNotForUs() throws Exception {
    shouldAnswerAtOnce("404 Not Found", Reason.NOT_FOUND);
    shouldAnswerAtOnce("410 Gone", Reason.NOT_FOUND);
    shouldAnswerAtOnce("403 Forbidden", Reason.UNREACHABLE);
    shouldAnswerAtOnce("206 Partial Content", Reason.UNREACHABLE);
  }

  private static void shouldAnswerAtOnce(String status, Reason reason) throws Exception {
    try (RawServer server =
            new RawServer((path, turn, out) -> RawServer.head(out, status, "Content-Length: 0"));
        Door door = Door.to(server.address())) {
      assertThat(door.refused(server.address() + "a.jpg").reason()).isEqualTo(reason);
      assertThat(server.connections()).isOne();
    }
  }

  @Test
  void shouldGiveUpInTimeWhateverTheServerDoes() throws Exception {
    shouldBeUnreachable((path, turn, out) -> RawServer.pause(20_000));
    shouldBeUnreachable((path, turn, out) -> {});
    shouldBeUnreachable((path, turn, out) -> RawServer.text(out, "MEOW"));
    shouldBeUnreachable(
        (path, turn, out) -> {
          RawServer.text(out, "HTTP/1.1 200 OK\r\nX: ");
          dripForEver(out);
        });
    shouldBeUnreachable(
        (path, turn, out) -> {
          RawServer.text(out, "HTTP/1.1 200 OK\r\n");
          while (true) {
            RawServer.text(out, "X: y\r\n");
          }
        });
    shouldBeUnreachable(
        (path, turn, out) -> {
          while (true) {
            RawServer.head(out, "103 Early Hints", "X: y");
          }
        });
    shouldBeUnreachable(
        (path, turn, out) -> {
          RawServer.head(out, "200 OK", "Content-Length: 50000");
          dripForEver(out);
        });
    shouldBeUnreachable((path, turn, out) -> RawServer.ok(out, 60_000, PICTURE));
  }

  private static void shouldBeUnreachable(RawServer.Answer answer) throws Exception {
    try (RawServer server = new RawServer(answer);
        Door door = Door.to(server.address())) {
      // when
      long start = System.nanoTime();
      UnusableRecordException refused = door.refused(server.address() + "a.jpg?key=secret");

      // then
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
      assertThat(refused.stage()).isEqualTo(Stage.FETCH);
      assertThat(refused.reason()).isEqualTo(Reason.UNREACHABLE);
      assertThat(refused.why()).contains("a.jpg", "tried", "PT1S").doesNotContain("secret");
    }
  }

  private static void dripForEver(OutputStream out) throws IOException {
    while (true) {
      RawServer.text(out, "x");
      RawServer.pause(50);
    }
  }

  @Test
  void shouldReadNoMoreThanAPictureMayHave() throws Exception {
    shouldBeTooLarge((path, turn, out) -> RawServer.ok(out, 1_000_000_000_000L, PICTURE));
    shouldBeTooLarge(
        (path, turn, out) -> {
          RawServer.head(out, "200 OK", "Connection: close");
          while (true) {
            out.write(PICTURE);
          }
        });
    shouldBeTooLarge(
        (path, turn, out) -> {
          RawServer.head(out, "200 OK", "Transfer-Encoding: chunked");
          while (true) {
            RawServer.text(out, "1000\r\n%s\r\n".formatted("x".repeat(0x1000)));
          }
        });
  }

  private static void shouldBeTooLarge(RawServer.Answer answer) throws Exception {
    try (RawServer server = new RawServer(answer);
        Door door = Door.to(server.address())) {
      UnusableRecordException refused = door.refused(server.address() + "a.jpg");
      assertThat(refused.reason()).isEqualTo(Reason.TOO_MANY_BYTES);
      assertThat(refused.why()).contains("pictures.maxBytes");
      assertThat(server.connections()).isOne();
    }
  }

  @Test
  void shouldNoticeThatItIsAnotherPicture() throws Exception {
    try (RawServer server = new RawServer((path, turn, out) -> RawServer.ok(out, 1_000, PICTURE));
        Door door = Door.to(server.address())) {
      String uri = server.address() + "a.jpg";
      assertThat(door.read(uri, hash(Sha256.hex(new byte[1_000])))).hasSize(1_000);
      assertThat(door.refused(uri, hash(Sha256.hex(PICTURE))).reason())
          .isEqualTo(Reason.HASH_MISMATCH);
      assertThat(door.refused(uri, hash("cafe")).reason()).isEqualTo(Reason.BAD_REFERENCE);
    }
  }

  private static Headers hash(String hex) {
    return Door.list().add("sha256", Door.bytes(hex));
  }

  @Test
  void shouldFetchForManyThreadsAtOnce() throws Exception {
    // given
    int pictures = 48;
    int threads = 12;
    long each = 300;
    ExecutorService readers = Worker.pool("readers", threads);
    try (RawServer server =
            new RawServer(
                (path, turn, out) -> {
                  RawServer.pause(each);
                  RawServer.ok(out, Door.bytes(path));
                });
        Door door = Door.to(server.address())) {
      // when
      long start = System.nanoTime();
      List<Future<byte[]>> fetched = new ArrayList<>();
      for (int i = 0; i < pictures; i++) {
        String uri = server.address() + i;
        fetched.add(readers.submit(() -> door.read(uri)));
      }
      for (int i = 0; i < pictures; i++) {
        assertThat(fetched.get(i).get()).isEqualTo(Door.bytes("/" + i));
      }

      // then
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Duration.ofMillis(pictures * each / 3));
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void shouldSayThatThereIsNothing() throws Exception {
    try (RawServer server = new RawServer((path, turn, out) -> RawServer.ok(out, new byte[0]));
        Door door = Door.to(server.address())) {
      assertThat(door.refused(server.address() + "a.jpg").reason()).isEqualTo(Reason.EMPTY);
    }
  }
}
