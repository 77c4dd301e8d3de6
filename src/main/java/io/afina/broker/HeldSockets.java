package io.afina.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Ports of the loopback address that are taken before a server needs them, so that nobody else gets
 * them in between, and that it is given when it opens them. The others it opens itself.
 */
final class HeldSockets implements ServerSocketFactory, AutoCloseable {

  private final Map<Integer, ServerSocketChannel> held = new ConcurrentHashMap<>();

  /**
   * Takes a port.
   *
   * @param port 0 for any that is free
   * @return the port
   * @throws IOException when somebody else has it
   */
  int hold(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    int taken = channel.socket().getLocalPort();
    held.put(taken, channel);
    return taken;
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBuffer)
      throws IOException {
    ServerSocketChannel channel = held.remove(address.getPort());
    if (channel == null) {
      return INSTANCE.openServerSocket(listener, address, backlog, receiveBuffer);
    }
    channel.configureBlocking(false);
    return channel;
  }

  /** Gives back what no server has opened. */
  @Override
  public void close() throws IOException {
    for (ServerSocketChannel channel : held.values()) {
      channel.close();
    }
    held.clear();
  }
}
