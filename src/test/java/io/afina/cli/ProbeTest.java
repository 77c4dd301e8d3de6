package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeTest {

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/well", exchange -> exchange.sendResponseHeaders(200, -1));
    server.createContext("/ill", exchange -> exchange.sendResponseHeaders(503, -1));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void shouldTellTheWellFromTheIllAndTheMissing() {
    assertThat(Probe.isWell(address("/well"))).isTrue();
    assertThat(Probe.isWell(address("/ill"))).isFalse();
    assertThat(Probe.isWell("http://127.0.0.1:1/")).isFalse();
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }
}
