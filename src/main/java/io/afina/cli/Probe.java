package io.afina.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.time.Duration;

/**
 * Requests the health of a server, for the health checks of containers: their image has neither a
 * shell nor curl. It is asked every few seconds, so it loads as little as it can.
 */
public final class Probe {

  /** What a container engine takes for unwell. */
  private static final int UNWELL = 1;

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private Probe() {}

  /** Leaves with 0 when the address answers 200, else with 1. */
  public static void main(String[] arguments) {
    System.exit(isWell(arguments[0]) ? 0 : UNWELL);
  }

  static boolean isWell(String address) {
    try {
      HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
      connection.setConnectTimeout((int) PATIENCE.toMillis());
      connection.setReadTimeout((int) PATIENCE.toMillis());
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }
}
