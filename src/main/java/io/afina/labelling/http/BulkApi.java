package io.afina.labelling.http;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import io.afina.event.Topic;
import io.afina.event.TrainingExample;
import io.afina.http.Problem;
import io.afina.http.Requests;
import io.afina.label.LabelTable;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.feed.BulkCorrections;
import io.afina.labelling.feed.BulkCorrections.Form;
import io.afina.labelling.feed.BulkCorrections.Row;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.feed.TrainingSetReader;
import io.afina.labelling.http.Routes.Route;
import io.afina.labelling.security.AccessFilter;
import io.afina.labelling.security.UserRole;
import io.afina.log.Audit;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Imports corrections in bulk and exports the training set. */
final class BulkApi {

  private static final String CSV = "text/csv";
  private static final String JSON_LINES = "application/x-ndjson";

  private final Topic<String, TrainingExample> training;
  private final Supplier<LabelTable> labels;
  private final CorrectionSender sender;
  private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
  private final ImageIdLimit ids;
  private final int uploadLimit;

  /** Files are read whole: one at a time bounds the memory. */
  private final Semaphore oneFile = new Semaphore(1);

  BulkApi(
      Topic<String, TrainingExample> training,
      Supplier<LabelTable> labels,
      CorrectionSender sender,
      Supplier<KafkaConsumer<byte[], byte[]>> consumers,
      ImageIdLimit ids,
      int uploadLimit) {
    this.training = training;
    this.labels = labels;
    this.sender = sender;
    this.consumers = consumers;
    this.ids = ids;
    this.uploadLimit = uploadLimit;
  }

  record Sent(int sent) {}

  List<Route> routes() {
    return List.of(
        new Route(POST, "/api/corrections", UserRole.ADMIN, this::upload),
        new Route(GET, "/api/examples", UserRole.REVIEWER, this::export));
  }

  /** Imports a file of corrections, or none of it when a row is wrong. */
  void upload(Context ctx) {
    Form form =
        switch (Requests.type(ctx)) {
          case CSV -> Form.CSV;
          case JSON_LINES -> Form.JSON_LINES;
          default ->
              throw Problem.of(
                  415,
                  "wrong-content-type",
                  "the content type must be %s or %s".formatted(CSV, JSON_LINES));
        };
    alone(() -> upload(ctx, form));
  }

  private void upload(Context ctx, Form form) {
    BulkCorrections.Read read =
        BulkCorrections.read(
            Requests.body(ctx, uploadLimit),
            form,
            ids,
            AccessFilter.user(ctx).name(),
            Instant.now());
    if (!read.errors().isEmpty()) {
      throw Problem.of(422, "bad-rows", "nothing was taken: " + String.join("; ", read.errors()));
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (Row row : read.rows()) {
      sent.add(sender.begin(row.id(), row.correction()));
    }
    sent.forEach(sender::await);
    Audit.did(AccessFilter.user(ctx).name(), ctx.ip())
        .addKeyValue("corrections", sent.size())
        .log("corrections uploaded");
    Requests.answer(ctx, new Sent(sent.size()));
  }

  void export(Context ctx) {
    String format = Objects.requireNonNullElse(ctx.queryParam("format"), "csv");
    Form form =
        switch (format) {
          case "csv" -> Form.CSV;
          case "jsonl" -> Form.JSON_LINES;
          default -> throw Problem.of(400, "bad-parameter", "format must be csv or jsonl");
        };
    ctx.contentType(form == Form.CSV ? CSV + "; charset=utf-8" : JSON_LINES)
        .header("Content-Disposition", "attachment; filename=\"examples.%s\"".formatted(format))
        .header("Cache-Control", "no-store");
    Audit.did(AccessFilter.user(ctx).name(), ctx.ip()).log("examples exported");
    alone(() -> export(ctx, form));
  }

  private void export(Context ctx, Form form) {
    try {
      TrainingSetReader.write(training, labels.get(), consumers, form, ctx.outputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void alone(Runnable task) {
    if (!oneFile.tryAcquire()) {
      throw Problem.later(
          503, "busy", "another file is being taken or given: try again in a moment", 5);
    }
    try {
      task.run();
    } finally {
      oneFile.release();
    }
  }
}
