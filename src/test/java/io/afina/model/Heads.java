package io.afina.model;

import io.afina.decide.Acceptance;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Heads for tests: label n answers where number n of the embedding is the largest. */
public final class Heads {

  public static final String BACKBONE = "ab".repeat(32);

  private Heads() {}

  public static Head identity(long version, String... labels) {
    float[] weights = new float[labels.length * labels.length];
    for (int i = 0; i < labels.length; i++) {
      weights[i * labels.length + i] = 1;
    }
    return new Head(
        card(version, BACKBONE, labels.length, labels),
        List.of(new Dense(labels.length, labels.length, weights, new float[labels.length])));
  }

  /** One of every form that the layers of a head can have, on the same card. */
  public static List<Head> forms(long version, String... labels) {
    int width = labels.length;
    Head dense = identity(version, labels);
    float[] scale = new float[width];
    Arrays.fill(scale, 0.5f);
    Landmarks landmarks = Landmarks.ofRows(dense(dense, 0).rows(), scale);
    return List.of(
        dense,
        new Head(dense.card(), List.of(dense(dense, 0), dense(dense, 0))),
        new Head(dense.card(), List.of(landmarks, dense(dense, 0))));
  }

  /** A layer that is a dense one. */
  public static Dense dense(Head head, int layer) {
    return (Dense) head.layers().get(layer);
  }

  public static HeadCard card(long version, String backbone, int inputs, String... labels) {
    return new HeadCard(
        version,
        null,
        backbone,
        inputs,
        List.of(labels),
        1,
        new HeadCard.Training(10, Map.of(0, 10L), 0.5, 0, 17, "cpu", 0.1, null),
        null,
        new Verdict(Verdict.Decision.PROMOTED, "for a test"),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** The same head, which promises 95 % and accepts from a confidence on. */
  public static Head promising(Head head, double threshold) {
    Acceptance acceptance =
        new Acceptance(0.95, threshold, List.of(), 1, 100, "for a test", List.of());
    return new Head(head.card().with(acceptance), head.layers(), head.centroids());
  }

  /** The file of a head, not signed. */
  public static byte[] file(Head head) {
    return HeadFile.write(head, Optional.empty());
  }
}
