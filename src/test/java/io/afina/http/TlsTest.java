package io.afina.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.AfinaException;
import io.javalin.Javalin;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir Path folder;

  @Test
  void shouldServeWithACertificateAndAKeyInPem() throws Exception {
    // given
    KeyStore store = selfSigned();
    String certificate = pem("CERTIFICATE", store.getCertificate("localhost").getEncoded());
    String key = pem("PRIVATE KEY", store.getKey("localhost", PASSWORD).getEncoded());
    Javalin javalin =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.jetty.modifyServer(server -> server.setStopTimeout(0));
              config.jetty.addConnector(
                  (server, http) ->
                      new ServerConnector(server, Tls.factories(http, certificate, key)));
              config.routes.get("/", ctx -> ctx.result(ctx.scheme()));
            });

    // when
    HttpResponse<String> response;
    try {
      javalin.start();
      response = get(trusting(store), "https://localhost:%d/".formatted(javalin.port()));
    } finally {
      javalin.stop();
    }

    // then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.sslSession()).map(SSLSession::getProtocol).hasValue("TLSv1.3");
  }

  @Test
  void shouldSayWhichFilesAreNoCertificateAndKey() throws Exception {
    String wrong = Files.writeString(folder.resolve("wrong.pem"), "nothing").toString();

    for (String file : new String[] {wrong, folder.resolve("missing.pem").toString()}) {
      assertThatThrownBy(() -> Tls.factories(new HttpConfiguration(), file, file))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("%1$s and %1$s are no certificate and key in PEM".formatted(file));
    }
  }

  private KeyStore selfSigned() throws Exception {
    Path file = folder.resolve("store.p12");
    String options =
        "-genkeypair -alias localhost -dname CN=localhost -ext san=dns:localhost -keyalg EC -storetype PKCS12 -storepass %s -keystore"
            .formatted(new String(PASSWORD));
    List<String> command = new ArrayList<>(List.of(options.split(" ")));
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.add(file.toString());
    Process keytool = new ProcessBuilder(command).start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private String pem(String kind, byte[] der) throws Exception {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    return Files.writeString(
            folder.resolve(kind + ".pem"),
            "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, base64))
        .toString();
  }

  private static SSLContext trusting(KeyStore store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("localhost", store.getCertificate("localhost"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static HttpResponse<String> get(SSLContext context, String uri) throws Exception {
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
  }
}
