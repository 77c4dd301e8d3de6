package io.afina.labelling.http;

import io.afina.event.Sha256;
import io.afina.http.WebAssets;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Map;
import java.util.Objects;

/**
 * The files of the page, each under a path of its own: what is not in this table is not served, so
 * no path leads out of it.
 */
final class StaticFiles {

  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String JSON = "application/json";

  /** Paths with the resource and its media type. */
  static final Map<String, Page> ALL =
      Map.ofEntries(
          Map.entry("/", new Page("page/label.html", HTML)),
          Map.entry("/login", new Page("page/login.html", HTML)),
          Map.entry("/answers", new Page("page/answers.html", HTML)),
          Map.entry("/grid", new Page("page/grid.html", HTML)),
          Map.entry("/models", new Page("page/models.html", HTML)),
          Map.entry("/labels", new Page("page/labels.html", HTML)),
          Map.entry("/images", new Page("page/images.html", HTML)),
          Map.entry("/page/afina.css", new Page("page/afina.css", "text/css; charset=utf-8")),
          Map.entry("/page/icon.svg", new Page("page/icon.svg", "image/svg+xml")),
          Map.entry("/page/api.js", new Page("page/api.js", SCRIPT)),
          Map.entry("/page/text.js", new Page("page/text.js", SCRIPT)),
          Map.entry("/page/theme.js", new Page("page/theme.js", SCRIPT)),
          Map.entry("/page/shell.js", new Page("page/shell.js", SCRIPT)),
          Map.entry("/page/dom.js", new Page("page/dom.js", SCRIPT)),
          Map.entry("/page/chart.js", new Page("page/chart.js", SCRIPT)),
          Map.entry("/page/board.js", new Page("page/board.js", SCRIPT)),
          Map.entry("/page/label.js", new Page("page/label.js", SCRIPT)),
          Map.entry("/page/answers.js", new Page("page/answers.js", SCRIPT)),
          Map.entry("/page/numbers.js", new Page("page/numbers.js", SCRIPT)),
          Map.entry("/page/grid.js", new Page("page/grid.js", SCRIPT)),
          Map.entry("/page/zoom.js", new Page("page/zoom.js", SCRIPT)),
          Map.entry("/page/strip.js", new Page("page/strip.js", SCRIPT)),
          Map.entry("/page/labels.js", new Page("page/labels.js", SCRIPT)),
          Map.entry("/page/names.js", new Page("page/names.js", SCRIPT)),
          Map.entry("/page/login.js", new Page("page/login.js", SCRIPT)),
          Map.entry("/page/models.js", new Page("page/models.js", SCRIPT)),
          Map.entry("/page/gallery.js", new Page("page/gallery.js", SCRIPT)),
          Map.entry("/page/images.js", new Page("page/images.js", SCRIPT)),
          Map.entry("/page/en.json", new Page("page/en.json", JSON)),
          Map.entry("/page/es.json", new Page("page/es.json", JSON)),
          Map.entry(
              "/page/echarts.js", new Page(WebAssets.echarts("echarts.common.min.js"), SCRIPT)),
          Map.entry("/openapi.json", new Page("openapi.json", JSON)));

  /** A resource beside this class, or from the root if its name begins with a slash. */
  record Page(String resource, String mediaType) {}

  private StaticFiles() {}

  /** Serves one; a browser that has it already is told so. */
  static Handler handler(Page page) {
    byte[] content = WebAssets.bytes(StaticFiles.class, page.resource());
    String tag = "\"" + Sha256.hex(content) + "\"";
    return ctx -> serve(ctx, page, content, tag);
  }

  private static void serve(Context ctx, Page page, byte[] content, String tag) {
    ctx.header("Cache-Control", "no-cache").header("ETag", tag);
    if (Objects.equals(ctx.header("If-None-Match"), tag)) {
      ctx.status(304);
    } else {
      ctx.contentType(page.mediaType()).result(content);
    }
  }
}
