package io.afina.backbone.address;

import static io.afina.backbone.address.FetcherFixture.CARD;
import static io.afina.backbone.address.FetcherFixture.COMMIT;
import static io.afina.backbone.address.FetcherFixture.NETWORK;
import static io.afina.backbone.address.FetcherFixture.path;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Sha256;
import io.afina.lifecycle.Worker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched, and that it is fetched once. */
class BackboneFetcherTest {

  @TempDir private Path folder;
  private FetcherFixture net;

  @BeforeEach
  void start() {
    net = new FetcherFixture(folder);
  }

  @AfterEach
  void stop() {
    net.close();
  }

  @Test
  void shouldFetchOnceAndNeedNoNetworkAfterwards() throws Exception {
    // given
    net.networkWithCard();

    // when
    Path file = net.fetcher().fetch("hf://pets/net/net.onnx");
    net.close();
    Path again = net.fetcher().fetch("hf://pets/net/net.onnx");

    // then
    assertThat(again).isEqualTo(file).hasFileName("net.onnx").hasBinaryContent(NETWORK);
    assertThat(Path.of(file + ".json")).hasBinaryContent(CARD);
    assertThat(net.cdn.requests()).hasSize(1);
  }

  @Test
  void shouldFetchFromAWebServer() throws Exception {
    // given
    net.cdn.put("/nets/net.pt", NETWORK).put("/nets/net.pt.json", CARD);

    // when
    Path file = net.fetcher().fetch(net.cdn.address() + "/nets/net.pt?key=secret");

    // then
    assertThat(file).hasFileName("net.pt").hasBinaryContent(NETWORK);
    assertThat(Path.of(file + ".json")).hasBinaryContent(CARD);
    try (Stream<Path> kept = Files.walk(folder).filter(Files::isRegularFile)) {
      assertThat(kept)
          .allSatisfy(
              each ->
                  assertThat(Files.readString(each, StandardCharsets.ISO_8859_1))
                      .doesNotContain("secret"));
    }
  }

  @Test
  void shouldStayWithWhatABranchLedTo() throws Exception {
    // given
    net.networkWithCard();
    Path file = net.fetcher().fetch("hf://pets/net");

    // when the branch moves
    String later = "d0".repeat(20);
    net.repository(later, List.of("net.onnx"));
    net.hub.put("/pets/net/resolve/%s/net.onnx".formatted(later), new byte[10]);

    // then
    assertThat(net.fetcher().fetch("hf://pets/net")).isEqualTo(file);
    assertThat(net.fetcher().fetch("hf://pets/net@" + later)).hasBinaryContent(new byte[10]);
  }

  @Test
  void shouldFetchWhatDescribesANetworkWhereThereIsNoCard() throws Exception {
    // given
    net.repository(
        COMMIT,
        List.of("config.json", "onnx/config.json", "preprocessor_config.json", "onnx/model.onnx"));
    net.hub.put(path("onnx/model.onnx"), NETWORK);
    net.hub.put(path("config.json"), "root".getBytes(StandardCharsets.UTF_8));
    net.hub.put(path("onnx/config.json"), "near".getBytes(StandardCharsets.UTF_8));
    net.hub.put(path("preprocessor_config.json"), CARD);

    // when
    Path file = net.fetcher().fetch("hf://pets/net");

    // then
    assertThat(file).hasFileName("model.onnx");
    assertThat(file.resolveSibling("config.json")).hasContent("near");
    assertThat(file.resolveSibling("preprocessor_config.json")).hasBinaryContent(CARD);
    assertThat(Path.of(file + ".json")).doesNotExist();
  }

  @Test
  void shouldAskWhichOfSeveral() {
    // given
    net.repository(COMMIT, List.of("a.onnx", "b.onnx", "c.txt"));

    // then
    assertThat(net.refused(net.fetcher(), "hf://pets/net"))
        .hasMessageContainingAll("must name one", "[a.onnx, b.onnx]", "hf://pets/net@main");
    assertThat(net.refused(net.fetcher(), "hf://pets/net/none.onnx"))
        .hasMessageContainingAll("has no file none.onnx, but [a.onnx, b.onnx]");
  }

  @Test
  void shouldNotFetchAgainWhatHasThePinnedHash() throws Exception {
    // given
    net.networkWithCard();
    Path file = net.fetcher().fetch("hf://pets/net/net.onnx");

    // when another address has the same
    Path again =
        net.fetcher().fetch("hf://pets/net@%s#sha256=%s".formatted(COMMIT, Sha256.hex(NETWORK)));

    // then
    assertThat(again).isEqualTo(file);
    assertThat(net.cdn.requests()).hasSize(1);
  }

  @Test
  void shouldFetchAgainWhatIsDamaged() throws Exception {
    // given
    net.networkWithCard();
    Path file = net.fetcher().fetch("hf://pets/net");
    Files.writeString(file, "something else");

    // when
    Path again = net.fetcher().fetch("hf://pets/net#sha256=" + Sha256.hex(NETWORK));

    // then
    assertThat(again).isEqualTo(file).hasBinaryContent(NETWORK);
    assertThat(net.cdn.requests()).hasSize(2);
  }

  @Test
  void shouldFetchOnceForManyAtOnce() throws Exception {
    // given
    net.networkWithCard();
    ExecutorService threads = Worker.pool("fetchers", 4);
    try {
      // when
      List<Future<Path>> fetched =
          List.of(1, 2, 3, 4).stream()
              .map(i -> threads.submit(() -> net.fetcher().fetch("hf://pets/net")))
              .toList();

      // then
      for (Future<Path> each : fetched) {
        assertThat(each.get()).hasBinaryContent(NETWORK);
      }
      assertThat(net.cdn.requests()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldSayThatItsCacheCannotBeUsed() throws Exception {
    // given
    net.networkWithCard();
    Files.writeString(folder.resolve("parts"), "a file where a folder should be");

    // then
    assertThat(net.refused(net.fetcher(), "hf://pets/net"))
        .hasMessageContainingAll("the cache of backbones cannot be used", "backbone.cacheDir");
  }
}
