package io.afina.source;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.afina.config.ConfigLoader;
import io.afina.config.PicturesConfig;
import io.afina.event.UnusableRecordException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The door as a test meets it: a second for a fetch, and small pictures. */
record Door(PictureSources sources, MeterRegistry meters) implements AutoCloseable {

  static final int MAX_BYTES = 1_000_000;

  static Door to(String allowed) {
    return to(allowed, false, SystemDefaultDnsResolver.INSTANCE);
  }

  static Door to(String allowed, boolean privateSources, DnsResolver names) {
    MeterRegistry meters = new SimpleMeterRegistry();
    PicturesConfig config =
        ConfigLoader.defaults()
            .set("pictures.sources", allowed)
            .set("pictures.privateSources", privateSources)
            .set("pictures.fetchTime", "1s")
            .set("pictures.maxBytes", MAX_BYTES)
            .load()
            .pictures();
    return new Door(new PictureSources(config, meters, names), meters);
  }

  byte[] read(String uri) throws UnusableRecordException {
    return read(uri, list());
  }

  byte[] read(String uri, Headers headers) throws UnusableRecordException {
    return sources.read(bytes(uri), headers).bytes();
  }

  UnusableRecordException refused(String uri) {
    return refused(uri, list());
  }

  UnusableRecordException refused(String uri, Headers headers) {
    return catchThrowableOfType(UnusableRecordException.class, () -> read(uri, headers));
  }

  double retries() {
    return meters.get("afina.picture.fetch.retries").counter().count();
  }

  /** The headers of a reference. */
  static Headers list() {
    return new RecordHeaders().add("content-type", bytes("text/uri-list"));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    sources.close();
  }
}
