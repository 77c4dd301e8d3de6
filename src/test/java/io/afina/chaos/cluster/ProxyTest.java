package io.afina.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {

  private ServerSocket server;
  private Proxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    proxy = new Proxy(server.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.close();
  }

  @Test
  void shouldPassBytesOnInBothDirections() throws IOException {
    try (Socket client = connect();
        Socket there = server.accept()) {
      client.getOutputStream().write(7);
      assertThat(there.getInputStream().read()).isEqualTo(7);
      there.getOutputStream().write(8);
      assertThat(client.getInputStream().read()).isEqualTo(8);
    }
  }

  @Test
  void shouldPassBytesOnLate() throws IOException {
    try (Socket client = connect();
        Socket there = server.accept()) {
      proxy.delay(Duration.ofMillis(50));
      long start = System.nanoTime();
      client.getOutputStream().write(7);
      assertThat(there.getInputStream().read()).isEqualTo(7);
      assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(49).toNanos());
    }
  }

  @Test
  void shouldEndConnectionsWhenCutAndPassOnAgainWhenHealed() throws IOException {
    try (Socket client = connect();
        Socket there = server.accept()) {
      proxy.cut();
      assertThat(isOver(client)).isTrue();
      assertThat(isOver(there)).isTrue();
    }
    try (Socket refused = connect()) {
      assertThat(isOver(refused)).isTrue();
    }
    proxy.heal();
    try (Socket client = connect();
        Socket there = server.accept();
        OutputStream out = client.getOutputStream()) {
      out.write(9);
      assertThat(there.getInputStream().read()).isEqualTo(9);
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private static boolean isOver(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }
}
