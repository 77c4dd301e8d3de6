package io.afina.backbone.address;

import static io.afina.backbone.address.FetcherFixture.NETWORK;
import static io.afina.backbone.address.FetcherFixture.linked;
import static io.afina.backbone.address.FetcherFixture.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.Sha256;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that break off, lie, refuse, are slow or away, or lead elsewhere. */
class HostileHubTest {

  private static final String ADDRESS = "hf://pets/net";

  @TempDir private Path folder;
  private FetcherFixture net;

  @BeforeEach
  void start() {
    net = new FetcherFixture(folder);
    net.networkWithCard();
  }

  @AfterEach
  void stop() {
    net.close();
  }

  @Test
  void shouldGoOnWhereItWasBrokenOff() throws Exception {
    // given
    for (int i = 0; i < 8; i++) {
      net.cdn.once("/net", net.cdn.breakingOffAfter(30_000));
    }

    // when
    Path file = net.fetcher().fetch(ADDRESS);

    // then
    assertThat(file).hasBinaryContent(NETWORK);
    assertThat(net.cdn.requests("/net").get(1).range()).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void shouldGoOnWithThePartThatAnotherProcessLeft() throws Exception {
    // given
    net.cdn.once("/net", net.cdn.breakingOffAfter(200_000));
    for (int i = 0; i < 4; i++) {
      net.cdn.once("/net", FileServer.status(503));
    }
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("status 503");

    // when
    Path file = net.fetcher().fetch(ADDRESS);

    // then
    assertThat(file).hasBinaryContent(NETWORK);
    assertThat(net.cdn.requests("/net").get(5).range()).isEqualTo("bytes=200000-");
    assertThat(net.kept()).noneMatch(name -> name.contains("part"));
  }

  @Test
  void shouldStartAgainWhenItIsAnotherFileNow() throws Exception {
    // given
    String address = net.cdn.address() + "/net.onnx";
    net.cdn.put("/net.onnx", FetcherFixture.bytes(300_000, 2));
    net.cdn.once("/net.onnx", net.cdn.breakingOffAfter(200_000));
    for (int i = 0; i < 4; i++) {
      net.cdn.once("/net.onnx", FileServer.status(503));
    }
    assertThat(net.refused(net.fetcher(), address)).hasMessageContaining("status 503");

    // when
    net.cdn.put("/net.onnx", NETWORK);

    // then
    assertThat(net.fetcher().fetch(address)).hasBinaryContent(NETWORK);
  }

  @Test
  void shouldStartAgainWhenThePartFitsNothing() throws Exception {
    // given a part that is as long as the file
    net.cdn.once("/net", net.cdn.breakingOffAfter(200_000));
    net.cdn.once("/net", FileServer.status(416));

    // then
    assertThat(net.fetcher().fetch(ADDRESS)).hasBinaryContent(NETWORK);
  }

  @Test
  void shouldKeepNothingThatHasAnotherHash() throws Exception {
    // given
    String pinned = "ab".repeat(32);

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS + "#sha256=" + pinned))
        .hasMessageContainingAll("SHA-256 " + Sha256.hex(NETWORK), "not " + pinned);
    assertThat(net.kept()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abababababababababababababababababababababababababababababababab",
        "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
      })
  void shouldKeepNothingThatIsNotWhatTheHubAnnounced(String announced) throws Exception {
    // given
    net.hub.on(path("net.onnx"), linked(net.cdn.address() + "/net", announced));

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("not \"" + announced);
    assertThat(net.kept()).isEmpty();
  }

  @Test
  void shouldSendTheTokenToTheHubAlone() {
    // when
    net.fetcher("hf_secret", Duration.ofSeconds(30), 1_000_000).fetch(ADDRESS);

    // then
    assertThat(net.hub.requests()).allMatch(r -> "Bearer hf_secret".equals(r.token())).hasSize(3);
    assertThat(net.cdn.requests()).allMatch(request -> request.token() == null).hasSize(1);
  }

  @Test
  void shouldNotBeLedToWhereWhatComesCouldBeChanged() {
    // given
    net.hub.on(path("net.onnx"), FileServer.redirect("http://example.org/net"));

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("changed on its way");
    for (String to :
        List.of("http://127.0.0.1/x", "ftp://a/x", "file:///x", "https://a@b/x", "::")) {
      assertThatThrownBy(() -> RemoteFiles.redirected(URI.create("https://a/b"), to, true))
          .isInstanceOf(RemoteException.class);
    }
  }

  @Test
  void shouldNotBeLedRoundAndRound() {
    // given
    net.hub.on(path("net.onnx"), FileServer.redirect(path("net.onnx")));

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("more than 8 times");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | set HF_TOKEN to a token that may read it",
        "403 | set HF_TOKEN to a token that may read it",
        "404 | correct the address",
        "418 | take a file with --backbone FILE"
      })
  void shouldAskOnceForWhatIsNotThereOrNotForUs(int status, String remedy) {
    // given
    net.hub.on("/api/models/pets/net/revision/main", FileServer.status(status));

    // then
    AfinaException refused = net.refused(net.fetcher(), ADDRESS);
    assertThat(refused.exitCode()).isEqualTo(ExitCode.BACKBONE);
    assertThat(refused).hasMessageContainingAll("status " + status, ADDRESS, remedy);
    assertThat(net.hub.requests()).hasSize(1);
  }

  @Test
  void shouldTryAgainUntilTheServerIsWell() {
    // given
    net.hub.once("/api/models/pets/net/revision/main", FileServer.status(503));
    net.hub.once("/api/models/pets/net/revision/main", FileServer.status(429));
    net.cdn.once("/net", FileServer.status(500));

    // then
    assertThat(net.fetcher().fetch(ADDRESS)).hasBinaryContent(NETWORK);
  }

  @Test
  void shouldNameTheTwoWaysOnWithoutANetwork() {
    // given
    net.close();

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS))
        .hasMessageMatching("cannot reach 127.0.0.1 .*for the backbone hf://pets/net@main: .*")
        .hasMessageContaining("take a file with --backbone FILE, or leave --backbone out");
  }

  @Test
  void shouldGiveUpOnAServerThatSaysNothing() {
    // given
    net.cdn.on(
        "/net",
        exchange -> {
          exchange.sendResponseHeaders(200, 300_000);
          exchange.getResponseBody().flush();
          awaitInterrupt();
        });

    // then
    assertThat(net.refused(net.fetcher(null, Duration.ofSeconds(1), 1_000_000), ADDRESS))
        .hasMessageContaining("take a file with --backbone FILE");
  }

  private static void awaitInterrupt() {
    try {
      new java.util.concurrent.CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {300_000, 0})
  void shouldReadNoMoreThanAFileMayHave(long announced) throws Exception {
    // given; 0 is a length that is not announced
    net.cdn.on(
        "/net",
        exchange -> {
          exchange.sendResponseHeaders(200, announced);
          exchange.getResponseBody().write(NETWORK);
        });

    // then
    assertThat(net.refused(net.fetcher(null, Duration.ofSeconds(30), 299_999), ADDRESS))
        .hasMessageContainingAll("more than 299,999 bytes", "backbone.maxBytes");
    assertThat(net.kept()).isEmpty();
    assertThat(net.cdn.requests()).hasSize(1);
  }

  @Test
  void shouldReadNoMoreThanACardMayHave() {
    // given
    net.hub.put(path("net.onnx.json"), new byte[1_000_001]);

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("1,000,000 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{}", "{\"sha\": \"main\", \"siblings\": []}"})
  void shouldNotTakeAnotherServerForAHub(String json) {
    // given
    net.hub.put("/api/models/pets/net/revision/main", json.getBytes(StandardCharsets.UTF_8));

    // then
    assertThat(net.refused(net.fetcher(), ADDRESS)).hasMessageContaining("HF_ENDPOINT");
  }
}
