package io.afina.topic;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * Speaks as much of Kafka's protocol as a broker of 2015 would: which versions of which requests it
 * knows, and they are the first ones.
 */
public final class OldBroker implements AutoCloseable {

  private static final short FIRST = 0;

  private final ServerSocket server;

  public OldBroker() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "old-broker");
    thread.setDaemon(true);
    thread.start();
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        answer(client);
      } catch (IOException e) {
        // The client left, or the test is over.
      }
    }
  }

  private static void answer(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    while (true) {
      ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
      if (request.remaining() < 2 * Short.BYTES + Integer.BYTES) {
        return;
      }
      int correlation = request.getInt(2 * Short.BYTES);
      ByteBuffer body = MessageUtil.toByteBufferAccessor(versions(), FIRST).buffer();
      out.writeInt(Integer.BYTES + body.remaining());
      out.writeInt(correlation);
      out.write(body.array(), body.arrayOffset() + body.position(), body.remaining());
      out.flush();
    }
  }

  private static ApiVersionsResponseData versions() {
    ApiVersionCollection known = new ApiVersionCollection();
    for (ApiKeys key : new ApiKeys[] {ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.API_VERSIONS}) {
      known.add(new ApiVersion().setApiKey(key.id).setMinVersion(FIRST).setMaxVersion(FIRST));
    }
    return new ApiVersionsResponseData().setApiKeys(known);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
