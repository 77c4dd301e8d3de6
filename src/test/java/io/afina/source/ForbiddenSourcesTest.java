package io.afina.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.DeadLetter.Reason;
import io.afina.event.UnusableRecordException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may not be fetched is not even connected to. */
class ForbiddenSourcesTest {

  private final RawServer forbidden =
      new RawServer((path, turn, out) -> RawServer.ok(out, new byte[10]));

  /** Answers with the path that it was asked for, or redirects to what the path says. */
  private final RawServer allowed =
      new RawServer(
          (path, turn, out) -> {
            if (path.startsWith("/to/")) {
              RawServer.head(
                  out,
                  "302 Found",
                  "Location: " + path.substring(4).replace("%3A", ":"),
                  "Content-Length: 0",
                  "Connection: close");
            } else {
              RawServer.ok(out, Door.bytes(path));
            }
          });

  @AfterEach
  void stop() throws Exception {
    forbidden.close();
    allowed.close();
  }

  @Test
  void shouldFetchNothingByDefault() {
    try (Door door = Door.to("")) {
      for (String uri :
          List.of(
              allowed.address() + "x", "s3://bucket/x", "file:///etc/passwd", "https://[::1]/")) {
        assertThat(door.refused(uri).reason()).isEqualTo(Reason.FORBIDDEN);
      }
    }
    assertThat(allowed.connections()).isZero();
  }

  @Test
  void shouldConnectToNothingThatIsNotOnTheList() {
    String base = "127.0.0.1:" + forbidden.port();
    List<String> uris =
        new ArrayList<>(
            List.of(
                "http://%s/picturesque/x",
                "http://%s/Pictures/x",
                "http://%s/pictures/../x",
                "http://%s/pictures/%%2e%%2e/x",
                "http://%s/pictures/%%252e%%252e/x",
                "http://%s/pictures/..;/x",
                "http://%s/pictures%%2fx",
                "http://%s/pictures\\x",
                "http://user:password@%s/pictures/x",
                "http://pictures.example.org@%s/pictures/x",
                "https://%s/pictures/x",
                "http://localhost@%s/pictures/x",
                "ftp://%s/pictures/x"));
    for (int i = uris.size(); i < 50; i++) {
      uris.add("http://%s/" + i);
    }
    try (Door door = Door.to("http://%s/pictures/ http://other.example.org/".formatted(base))) {
      for (String uri : uris) {
        UnusableRecordException refused = door.refused(uri.formatted(base));
        assertThat(refused.reason()).isIn(Reason.FORBIDDEN, Reason.BAD_REFERENCE);
      }
    }
    assertThat(forbidden.connections()).isZero();
  }

  @Test
  void shouldFollowRedirectsWithinTheListOnly() throws Exception {
    try (Door door = Door.to(allowed.address())) {
      // then
      assertThat(door.read(allowed.address() + "to//picture")).isEqualTo(Door.bytes("/picture"));
      for (String elsewhere :
          List.of(
              forbidden.address() + "x",
              "file:///etc/passwd",
              "http://user@127.0.0.1/x",
              "http://169.254.169.254/latest/meta-data/",
              "http://127.0.0.1:%d.evil.example.org/".formatted(allowed.port()))) {
        assertThat(door.refused(allowed.address() + "to/" + elsewhere).reason())
            .as(elsewhere)
            .isEqualTo(Reason.FORBIDDEN);
      }
      assertThat(forbidden.connections()).isZero();
    }
  }

  @Test
  void shouldNotGoRoundInCircles() throws Exception {
    try (RawServer circle =
            new RawServer(
                (path, turn, out) ->
                    RawServer.head(
                        out, "307 Temporary Redirect", "Location: /again", "Content-Length: 0"));
        Door door = Door.to(circle.address())) {
      // when
      UnusableRecordException refused = door.refused(circle.address());

      // then
      assertThat(refused.reason()).isEqualTo(Reason.UNREACHABLE);
      assertThat(refused.why()).contains("redirected more than 5 times");
      assertThat(circle.connections()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "168.63.129.16",
        "100.100.100.200",
        "fd00:ec2::254",
        "fe80::1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
      })
  void shouldNeverConnectToMetadataWhateverIsConfigured(String address) {
    Names names = new Names(Map.of("pictures.example.org", List.of("93.184.215.14", address)));
    try (Door door = Door.to("http://pictures.example.org/", true, names)) {
      UnusableRecordException refused = door.refused("http://pictures.example.org/x");
      assertThat(refused.reason()).isEqualTo(Reason.FORBIDDEN);
      assertThat(refused.why()).contains("pictures.example.org is at");
      assertThat(names.asked).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "100.64.0.1", "::1"})
  void shouldConnectToPrivateAddressesOnlyWhereTheyAreAllowed(String address) {
    Names names = new Names(Map.of("pictures.example.org", List.of(address)));
    try (Door door = Door.to("http://pictures.example.org/", false, names)) {
      assertThat(door.refused("http://pictures.example.org/x").reason())
          .isEqualTo(Reason.FORBIDDEN);
    }
  }

  @Test
  void shouldConnectToTheAddressThatItChecked() throws Exception {
    // given
    Names rebinding =
        new Names(Map.of("pictures.example.org", List.of("127.0.0.1"))) {
          @Override
          public InetAddress[] resolve(String host) throws UnknownHostException {
            return asked.get() == 0 ? super.resolve(host) : new InetAddress[0];
          }
        };
    String uri = "http://pictures.example.org:%d/x".formatted(allowed.port());
    try (Door door = Door.to(uri, true, rebinding)) {
      // when
      byte[] picture = door.read(uri);

      // then
      assertThat(picture).isEqualTo(Door.bytes("/x"));
      assertThat(rebinding.asked).hasValue(1);
    }
  }

  /** Names with the addresses that a test gives them. */
  private static class Names implements DnsResolver {

    final AtomicInteger asked = new AtomicInteger();
    private final Map<String, List<String>> addresses;

    Names(Map<String, List<String>> addresses) {
      this.addresses = addresses;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      asked.incrementAndGet();
      List<InetAddress> found = new ArrayList<>();
      for (String address : addresses.getOrDefault(host, List.of())) {
        found.add(InetAddress.getByName(address));
      }
      return found.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
