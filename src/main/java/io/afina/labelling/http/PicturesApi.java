package io.afina.labelling.http;

import io.afina.event.RecordId;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.labelling.feed.PictureSource;
import io.afina.picture.PictureFormat;
import io.javalin.http.Context;

/** Serves the pictures of image events, as pictures and as nothing else. */
record PicturesApi(PictureSource pictures) {

  void get(Context ctx) {
    RecordId place =
        new RecordId(
            (int)
                Requests.number("partition", ctx.pathParam("partition"), 0, Integer.MAX_VALUE - 1),
            Requests.number("offset", ctx.pathParam("offset"), 0, Long.MAX_VALUE - 1));
    byte[] picture =
        pictures
            .read(place)
            .orElseThrow(() -> Problem.of(404, "no-picture", "this picture is not kept any more"));
    PictureFormat type =
        PictureFormat.of(picture)
            .orElseThrow(() -> Problem.of(422, "not-a-picture", "this record is no picture"));
    ctx.header("Cache-Control", "private, max-age=86400, immutable")
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .header("Content-Disposition", "inline")
        .contentType(type.mediaType())
        .result(picture);
  }
}
