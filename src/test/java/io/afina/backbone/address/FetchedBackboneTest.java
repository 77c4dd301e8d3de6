package io.afina.backbone.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.config.BackboneConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backbone that is served instead of lying in a folder, as the roles take it. */
class FetchedBackboneTest {

  private static final String BUNDLED = "/backbones/small_res_112.onnx";
  private static final String PINNED = "ab".repeat(32);

  @TempDir private Path folder;
  private final FileServer server = new FileServer();
  private String id;

  @BeforeEach
  void serve() throws IOException {
    server.put("/net.onnx", resource(BUNDLED)).put("/net.onnx.json", resource(BUNDLED + ".json"));
    id = new BackboneResolver().resolve(null).id();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldBeTheOneThatItsCardDescribes() {
    // when
    Backbone fetched = resolve(server.address() + "/net.onnx", id);

    // then
    assertThat(fetched.id()).isEqualTo(id);
    assertThat(fetched.card().embeddingSize()).isPositive();
    assertThat(fetched.file()).startsWith(folder);
  }

  @Test
  void shouldHaveTheHashThatTheConfigurationPins() {
    // then a fetched one is not even kept
    assertThatThrownBy(() -> resolve(server.address() + "/net.onnx", PINNED))
        .isInstanceOf(AfinaException.class)
        .hasMessageContainingAll("not " + PINNED, server.address());
    assertThatThrownBy(() -> resolve("bundled:small_res_112.onnx", PINNED))
        .isInstanceOf(AfinaException.class)
        .hasMessageContainingAll("backbone.sha256 is " + PINNED, "take the one that is meant");
  }

  @Test
  void shouldBeNamedWithoutWhatMayBeASecret() {
    assertThat(BackboneResolver.name("https://a.org/b/net.onnx?key=secret#sha256=" + id))
        .isEqualTo("net.onnx");
    assertThat(BackboneResolver.name("hf://pets/net@v1#sha256=" + id)).isEqualTo("net@v1");
  }

  private Backbone resolve(String address, String sha256) {
    BackboneConfig config =
        ConfigLoader.defaults()
            .set("backbone.address", address)
            .set("backbone.sha256", sha256)
            .set("backbone.cacheDir", folder)
            .load()
            .backbone();
    return new BackboneResolver(config).resolve(address);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream resource =
        Objects.requireNonNull(FetchedBackboneTest.class.getResourceAsStream(name))) {
      return resource.readAllBytes();
    }
  }
}
