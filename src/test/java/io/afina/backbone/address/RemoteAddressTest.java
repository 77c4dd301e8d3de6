package io.afina.backbone.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.address.RemoteAddress.Hub;
import io.afina.config.BackboneConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAddressTest {

  private static final BackboneConfig CONFIG = ConfigLoader.defaults().load().backbone();
  private static final String HASH = "AB".repeat(32);

  @Test
  void shouldReadAnAddressOfTheHub() {
    assertThat(RemoteAddress.parse("hf://pets/net-1.0", false))
        .isEqualTo(new Hub("pets/net-1.0", "main", null, null));
    assertThat(RemoteAddress.parse("hf://pets/net@v1/onnx/model.onnx#sha256=" + HASH, false))
        .isEqualTo(new Hub("pets/net", "v1", "onnx/model.onnx", "ab".repeat(32)));
    assertThat(RemoteAddress.parse("hf://pets/net@refs%2Fpr%2F1/x.pt", false))
        .isEqualTo(new Hub("pets/net", "refs/pr/1", "x.pt", null));
  }

  @Test
  void shouldShowAnAddressWithoutItsQuery() {
    assertThat(RemoteAddress.parse("https://a.org/x.onnx?key=secret#sha256=" + HASH, false).shown())
        .isEqualTo("https://a.org/x.onnx");
  }

  @Test
  void shouldTakeHttpOfThisMachineOrWhereItIsAllowed() {
    assertThat(RemoteAddress.parse("http://localhost:8080/x.onnx", false).sha256()).isNull();
    assertThat(RemoteAddress.parse("http://[::1]/x.onnx", false).sha256()).isNull();
    assertThat(RemoteAddress.parse("http://a.org/x.onnx", true).sha256()).isNull();
    assertThatThrownBy(() -> RemoteAddress.parse("http://a.org/x.onnx", false))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("backbone.allowHttp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf://pets",
        "hf://pets/net/",
        "hf://pets/net/README.md",
        "hf://pets/net/../x.onnx",
        "hf://pets/net@../x.onnx",
        "hf://pets/net@..%2Fmain",
        "hf://../net/x.onnx",
        "hf://pets/net/a//x.onnx",
        "hf://pets/net/a%2Fx.onnx",
        "hf://pets/net#sha1=12",
        "hf://pets/net#sha256=12",
        "https://",
        "https:///x.onnx",
        "https://me@a.org/x.onnx",
        "https://a.org/x.h5",
        "https://a.org/",
        "https://a.org/.onnx",
        "https://a.org/a%2Fx.onnx",
        "https://a b.org/x.onnx"
      })
  void shouldRefuseWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> RemoteAddress.parse(text, true))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("the address of the backbone, " + text.replaceFirst("#.*", ""));
  }

  @Test
  void shouldKeepBackbonesWhereItIsTold() {
    assertThat(cache(Map.of("AFINA_CACHE", "/a", "XDG_CACHE_HOME", "/x"))).hasToString("/a");
    assertThat(cache(Map.of("AFINA_CACHE", " ", "XDG_CACHE_HOME", "/x"))).hasToString("/x/afina");
    assertThat(cache(Map.of()).toString()).endsWith("/.cache/afina");
    BackboneConfig told = ConfigLoader.defaults().set("backbone.cacheDir", "/c").load().backbone();
    assertThat(FetchSettings.of(told, Map.of("AFINA_CACHE", "/a")).cache()).hasToString("/c");
  }

  private static Path cache(Map<String, String> environment) {
    return FetchSettings.of(CONFIG, environment).cache();
  }

  @Test
  void shouldTakeAMirrorOfTheHubAndNeverPrintItsToken() {
    FetchSettings settings =
        FetchSettings.of(
            CONFIG, Map.of("HF_ENDPOINT", "https://hub.example.org/", "HF_TOKEN", "hf_secret\n"));
    assertThat(settings.hub()).hasToString("https://hub.example.org");
    assertThat(settings.token()).isEqualTo("hf_secret");
    assertThat(settings.toString()).doesNotContain("secret");
    assertThatThrownBy(
            () -> FetchSettings.of(CONFIG, Map.of("HF_ENDPOINT", "http://hub.example.org")))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("HF_ENDPOINT");
  }
}
