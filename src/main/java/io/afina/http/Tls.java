package io.afina.http;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Builds Jetty's connection factories for plain HTTP, and for TLS from PEM files. */
public final class Tls {

  private Tls() {}

  public static ConnectionFactory[] plain(HttpConfiguration http) {
    return new ConnectionFactory[] {new HttpConnectionFactory(http)};
  }

  /**
   * Builds the factories of a TLS connector.
   *
   * @throws AfinaException when the files are no certificate and key
   */
  public static ConnectionFactory[] factories(
      HttpConfiguration http, String certificate, String key) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context(certificate, key));
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    return new ConnectionFactory[] {
      new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http)
    };
  }

  private static SSLContext context(String certificate, String key) {
    try {
      return SSLFactory.builder()
          .withIdentityMaterial(PemUtils.loadIdentityMaterial(Path.of(certificate), Path.of(key)))
          .build()
          .getSslContext();
    } catch (RuntimeException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "%s and %s are no certificate and key in PEM: %s"
              .formatted(certificate, key, e.getMessage()),
          e);
    }
  }
}
