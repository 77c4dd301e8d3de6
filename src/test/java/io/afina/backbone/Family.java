package io.afina.backbone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small networks with random weights, as large ones are made: patches, features, a vector. */
enum Family {
  /** A convolutional network that ends with a vector. */
  CONVOLUTIONAL(
      "shorter-256-bilinear-crop-224",
      224,
      """
      "layout": "NCHW", "colour": "RGB", "scale": "x / 255",
      "resize": { "mode": "shorter-side", "size": 256, "filter": "bilinear" },
      "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]""",
      "\"unitLength\": false"),
  /** One that ends with a map of features. */
  SQUASHED(
      "squash-224-bicubic",
      224,
      """
      "layout": "NCHW", "colour": "RGB", "scale": "x / 255",
      "resize": { "mode": "squash", "size": 224, "filter": "bicubic" },
      "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]""",
      "\"pooling\": \"gem\""),
  /** One with two outputs. */
  PADDED(
      "longest-224-bilinear-pad-0",
      224,
      """
      "layout": "NCHW", "colour": "RGB", "scale": "x / 255",
      "resize": { "mode": "longer-side", "size": 224, "filter": "bilinear", "padding": [0, 0, 0] },
      "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]""",
      "\"name\": \"features\", \"pooling\": \"mean\", \"unitLength\": true"),
  /** A vision transformer with a CLS token, which here is a mixture of all patches. */
  TRANSFORMER(
      "shorter-256-bicubic-crop-224",
      224,
      """
      "layout": "NCHW", "colour": "RGB", "scale": "x / 255",
      "resize": { "mode": "shorter-side", "cropFraction": 0.875, "filter": "bicubic" },
      "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]""",
      "\"pooling\": \"cls\""),
  /** One of TensorFlow's form with Caffe's colours. */
  CHANNELS_LAST(
      "squash-256-bilinear",
      256,
      """
      "layout": "NHWC", "colour": "BGR", "scale": "x",
      "resize": { "mode": "squash", "size": 256, "filter": "bilinear" },
      "mean": [103.939, 116.779, 123.68], "std": [57.375, 57.12, 58.395]""",
      "\"unitLength\": false");

  static final int CHANNELS = 16;
  private static final int PATCH = 16;
  private static final int INPUTS = 3 * PATCH * PATCH;
  private static final float[][] IMAGENET = {{0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};

  final String rule;
  private final int side;
  private final String input;
  private final String output;

  Family(String rule, int side, String input, String output) {
    this.rule = rule;
    this.side = side;
    this.input = input;
    this.output = output;
  }

  private int places() {
    return side / PATCH * (side / PATCH);
  }

  private static float[] kernel() {
    return random(1, CHANNELS * INPUTS, 1 / Math.sqrt(INPUTS));
  }

  private float[] mixture() {
    return random(2, (places() + 1) * places(), 1 / Math.sqrt(places()));
  }

  private static float[] random(int seed, int count, double size) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (random.nextGaussian() * size);
    }
    return numbers;
  }

  /** Writes the network, and its card beside it. */
  Path write(Path file) throws IOException {
    network().write(file);
    Files.writeString(
        Path.of(file + ".json"),
        """
        { "name": "%s", "engine": "OnnxRuntime", "licence": "none",
          "input": { "width": %d, "height": %2$d, %s },
          "output": { %s },
          "embeddingSize": %d, "sha256": "%s" }
        """
            .formatted(name(), side, input, output, CHANNELS, Backbone.sha256(file)));
    return file;
  }

  /** The network alone. */
  OnnxFile network() {
    int across = side / PATCH;
    OnnxFile onnx = new OnnxFile().weights("kernel", kernel(), CHANNELS, 3, PATCH, PATCH);
    String picture = "x";
    if (this == CHANNELS_LAST) {
      onnx.input("x", side, side, 3);
      onnx.node("Transpose", "picture", "perm", new int[] {0, 3, 1, 2}, "x");
      picture = "picture";
    } else {
      onnx.input("x", 3, side, side);
    }
    onnx.node("Conv", "patches", "strides", new int[] {PATCH, PATCH}, picture, "kernel");
    switch (this) {
      case SQUASHED -> onnx.node("Relu", "map", "patches").output("map", CHANNELS, across, across);
      case PADDED -> {
        onnx.node("Identity", "features", "patches");
        onnx.output("features", CHANNELS, across, across);
        vector(onnx, "scores");
      }
      case TRANSFORMER -> {
        onnx.numbers("flat", 0, CHANNELS, places());
        onnx.node("Reshape", "columns", "patches", "flat");
        onnx.node("Transpose", "tokens", "perm", new int[] {0, 2, 1}, "columns");
        onnx.weights("mixture", mixture(), places() + 1, places());
        onnx.node("MatMul", "last_hidden_state", "mixture", "tokens");
        onnx.output("last_hidden_state", places() + 1, CHANNELS);
      }
      default -> vector(onnx, "y");
    }
    return onnx;
  }

  private static void vector(OnnxFile onnx, String name) {
    onnx.node("Relu", "positive", "patches").node("GlobalAveragePool", "mean", "positive");
    onnx.numbers("row", 0, CHANNELS).node("Reshape", name, "mean", "row").output(name, CHANNELS);
  }

  /** What it has to give for a picture. */
  float[] expected(PillowSquare square) {
    double[][] patches = patches(square);
    float[] mixture = mixture();
    float[] expected = new float[CHANNELS];
    double length = 0;
    for (int c = 0; c < CHANNELS; c++) {
      double sum = 0;
      for (int p = 0; p < places(); p++) {
        double patch = patches[p][c];
        sum +=
            switch (this) {
              case CONVOLUTIONAL, CHANNELS_LAST -> Math.max(0, patch) / places();
              case SQUASHED -> Math.pow(Math.max(1e-6, patch), 3) / places();
              case PADDED -> patch / places();
              case TRANSFORMER -> mixture[p] * patch;
            };
      }
      expected[c] = (float) (this == SQUASHED ? Math.cbrt(sum) : sum);
      length += expected[c] * expected[c];
    }
    for (int c = 0; c < CHANNELS && this == PADDED; c++) {
      expected[c] /= (float) Math.sqrt(length);
    }
    return expected;
  }

  private double[][] patches(PillowSquare square) {
    int across = side / PATCH;
    float[] kernel = kernel();
    double[][] patches = new double[places()][CHANNELS];
    for (int p = 0; p < patches.length; p++) {
      for (int k = 0; k < CHANNELS * INPUTS; k++) {
        int within = k % INPUTS;
        int x = p % across * PATCH + within % PATCH;
        int y = p / across * PATCH + within / PATCH % PATCH;
        int plane = within / (PATCH * PATCH);
        patches[p][k / INPUTS] += kernel[k] * number(square, plane, x, y);
      }
    }
    return patches;
  }

  private double number(PillowSquare square, int plane, int x, int y) {
    if (this == CHANNELS_LAST) {
      double[] mean = {103.939, 116.779, 123.68};
      double[] std = {57.375, 57.12, 58.395};
      return (square.colour(2 - plane, x, y) - mean[plane]) / std[plane];
    }
    double colour = square.colour(plane, x, y) / 255.0;
    return this == SQUASHED ? colour * 2 - 1 : (colour - IMAGENET[0][plane]) / IMAGENET[1][plane];
  }
}
