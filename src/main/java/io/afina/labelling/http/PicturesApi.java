package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;

import io.afina.event.RecordId;
import io.afina.event.UnusableRecordException;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.security.UserRole;
import io.afina.picture.PictureRendering;
import io.afina.picture.PictureRendering.Shown;
import io.javalin.http.Context;
import java.util.List;

/**
 * Serves the pictures of image events, as pictures and as nothing else; of a format that browsers
 * do not show, a JPEG of it.
 */
record PicturesApi(PictureSource pictures, PictureRendering rendering) {

  List<Route> routes() {
    return List.of(
        new Route(GET, "/api/pictures/{partition}/{offset}", UserRole.LABELLER, this::get));
  }

  void get(Context ctx) {
    RecordId place =
        new RecordId(
            (int)
                Requests.number("partition", ctx.pathParam("partition"), 0, Integer.MAX_VALUE - 1),
            Requests.number("offset", ctx.pathParam("offset"), 0, Long.MAX_VALUE - 1));
    send(
        ctx,
        pictures
            .read(place)
            .orElseThrow(() -> Problem.of(404, "no-picture", "this picture is not kept any more")));
  }

  /** Sends a picture as one that does not change. */
  void send(Context ctx, byte[] picture) {
    Shown shown = shown(picture);
    ctx.header("Cache-Control", "private, max-age=86400, immutable")
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header("Content-Disposition", "inline")
        .contentType(shown.mediaType())
        .result(shown.bytes());
  }

  private Shown shown(byte[] picture) {
    try {
      return rendering.shown(picture);
    } catch (UnusableRecordException e) {
      throw Problem.of(422, "not-a-picture", "this record cannot be shown: " + e.why());
    }
  }
}
