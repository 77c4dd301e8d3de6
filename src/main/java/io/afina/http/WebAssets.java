package io.afina.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Reads the files of pages from the class path: our own, and those of Apache ECharts. */
public final class WebAssets {

  private WebAssets() {}

  /**
   * The resource that is a build of Apache ECharts. Its path holds its version, which the import
   * map of its jar tells.
   *
   * @param build such as {@code echarts.min.js}
   */
  public static String echarts(String build) {
    try {
      String map = text(WebAssets.class, "/META-INF/importmap.json");
      String folder = new JsonMapper().readTree(map).at("/imports").get("echarts/dist/").asText();
      return "/META-INF/resources" + folder + build;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A build of Apache ECharts as text that can stand in a {@code script} element. */
  public static String inlineEcharts(String build) {
    return text(WebAssets.class, echarts(build)).replace("</script", "<\\/script");
  }

  /** A resource in UTF-8: see {@link #bytes}. */
  public static String text(Class<?> beside, String resource) {
    return new String(bytes(beside, resource), StandardCharsets.UTF_8);
  }

  /** A resource beside a class, or from the root if its name begins with a slash. */
  public static byte[] bytes(Class<?> beside, String resource) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(resource), resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
