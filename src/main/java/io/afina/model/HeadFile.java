package io.afina.model;

import io.afina.event.Json;
import io.afina.event.MalformedRecordException;
import io.afina.event.SafeTensors;
import io.afina.event.SafeTensors.Tensor;
import io.afina.event.Sha256;
import io.afina.model.HeadRefusedException.Refusal;
import io.afina.model.layer.Dense;
import io.afina.model.layer.Landmarks;
import io.afina.model.layer.Layer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads a head as one safetensors blob: tensors {@code layers.<n>.weight} ({@code
 * [outputs, inputs]}, as PyTorch has them) and {@code layers.<n>.bias} in single precision; of a
 * head with landmarks the first layer is {@code layers.0.landmarks} in half precision ({@code
 * [landmarks, inputs]}) and {@code layers.0.scale}; where it is known what the head was trained on,
 * {@code centroids.means} in half precision ({@code [labels, inputs]}) and {@code
 * centroids.distances} besides, which a reader may leave alone; metadata {@code format}, {@code
 * card} (a {@link HeadCard} as JSON) and {@code sha256} over the card and the tensors in order;
 * {@code signature}, where it was signed, over all of that and the tensors' names, types and
 * shapes.
 */
public final class HeadFile {

  private static final String FORMAT = "afina-head/1";

  /** Of heads with landmarks, which readers of the first form do not know. */
  private static final String LANDMARKS_FORMAT = "afina-head/2";

  private static final String MEANS = "centroids.means";
  private static final String DISTANCES = "centroids.distances";

  private HeadFile() {}

  /** Writes a head, signed where there is a signer. */
  public static byte[] write(Head head, Optional<HeadSigner> signer) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int n = 0; n < head.layers().size(); n++) {
      put(tensors, n, head.layers().get(n));
    }
    Centroids centroids = head.centroids();
    if (centroids != null) {
      int width = centroids.width();
      float[] means = centroids.means();
      tensors.put(MEANS, Tensor.ofHalves(means, means.length / width, width));
      tensors.put(DISTANCES, Tensor.of(centroids.distances(), centroids.distances().length));
    }
    String card = new String(Json.write(head.card()), StandardCharsets.UTF_8);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", format(tensors));
    metadata.put("card", card);
    metadata.put("sha256", sha256(card, tensors));
    byte[] unsigned = new SafeTensors(metadata, tensors).toBytes();
    return signer.map(s -> sign(unsigned, s)).orElse(unsigned);
  }

  /** Signs a head file, replacing the signature that it may have. */
  static byte[] sign(byte[] blob, HeadSigner signer) {
    SafeTensors file = SafeTensors.parse(blob);
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put(HeadSignature.METADATA, signer.sign(file));
    return new SafeTensors(metadata, file.tensors()).toBytes();
  }

  /** Tells whether a head file bears a signature, of whichever key. */
  public static boolean isSigned(byte[] blob) {
    return SafeTensors.parse(blob).metadata().containsKey(HeadSignature.METADATA);
  }

  /**
   * Reads a head and checks that it is whole.
   *
   * @throws HeadRefusedException when it is unreadable, a field of its card is missing or wrong,
   *     its hash is wrong, its shapes do not fit or a number is not finite
   */
  public static Head read(byte[] blob) throws HeadRefusedException {
    return read(blob, TrustedKeys.anybody());
  }

  /** Reads the card of a head; empty when the head cannot be read. */
  public static Optional<HeadCard> card(byte[] blob) {
    try {
      return Optional.of(read(blob).card());
    } catch (HeadRefusedException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a head and checks that it is whole and signed.
   *
   * @throws HeadRefusedException also when its signature is not one of the trusted keys'
   */
  static Head read(byte[] blob, TrustedKeys trusted) throws HeadRefusedException {
    try {
      SafeTensors file = SafeTensors.parse(blob);
      String card = file.require("card");
      if (!file.require("format").equals(format(file.tensors()))) {
        throw new HeadRefusedException(
            Refusal.UNREADABLE,
            "the head is of form %s, not %s"
                .formatted(file.require("format"), format(file.tensors())));
      }
      if (!file.require("sha256").equals(sha256(card, file.tensors()))) {
        throw new HeadRefusedException(
            Refusal.WRONG_HASH, "the head's content is not what its SHA-256 says");
      }
      trusted.check(file);
      return finite(new Head(card(card), layers(file), centroids(file)));
    } catch (MalformedRecordException e) {
      throw new HeadRefusedException(Refusal.UNREADABLE, "the head " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new HeadRefusedException(
          Refusal.WRONG_SHAPE, "the head does not fit together: " + e.getMessage(), e);
    }
  }

  private static HeadCard card(String json) {
    try {
      HeadCard card = Json.readWhole(json.getBytes(StandardCharsets.UTF_8), HeadCard.class);
      List<String> labels = card.labels();
      if (labels.isEmpty()
          || labels.stream().anyMatch(String::isBlank)
          || labels.stream().distinct().count() < labels.size()) {
        throw new MalformedRecordException(
            "has labels that are none, blank or there twice: expected different ones");
      }
      return card;
    } catch (MalformedRecordException e) {
      throw new MalformedRecordException("has a card that " + e.getMessage(), e);
    }
  }

  private static void put(Map<String, Tensor> tensors, int n, Layer layer) {
    if (layer instanceof Dense dense) {
      tensors.put(weight(n), Tensor.of(dense.rows(), dense.outputs(), dense.inputs()));
      tensors.put(bias(n), Tensor.of(dense.bias(), dense.outputs()));
    } else if (layer instanceof Landmarks landmarks) {
      tensors.put(
          landmarks(n), Tensor.ofHalves(landmarks.rows(), landmarks.outputs(), landmarks.inputs()));
      tensors.put(scale(n), Tensor.of(landmarks.scale(), landmarks.inputs()));
    }
  }

  private static String format(Map<String, Tensor> tensors) {
    return tensors.containsKey(landmarks(0)) ? LANDMARKS_FORMAT : FORMAT;
  }

  private static List<Layer> layers(SafeTensors file) {
    List<Layer> layers = new ArrayList<>();
    if (file.tensors().containsKey(landmarks(0))) {
      layers.add(landmarks(matrix(file, landmarks(0)), file.tensor(scale(0)).toFloats()));
    }
    int first = layers.size();
    for (int n = first; n == first || file.tensors().containsKey(weight(n)); n++) {
      Tensor weight = matrix(file, weight(n));
      layers.add(
          Dense.ofRows(
              weight.shape().get(1),
              weight.shape().get(0),
              weight.toFloats(),
              file.tensor(bias(n)).toFloats()));
    }
    return layers;
  }

  private static Landmarks landmarks(Tensor rows, float[] scale) {
    if (rows.shape().get(1) != scale.length) {
      throw new IllegalArgumentException(
          "%d scales for landmarks of %d numbers".formatted(scale.length, rows.shape().get(1)));
    }
    return Landmarks.ofRows(rows.toFloats(), scale);
  }

  private static @Nullable Centroids centroids(SafeTensors file) {
    if (!file.tensors().containsKey(MEANS)) {
      return null;
    }
    Tensor means = matrix(file, MEANS);
    return new Centroids(means.shape().get(1), means.toFloats(), file.tensor(DISTANCES).toFloats());
  }

  private static Tensor matrix(SafeTensors file, String name) {
    Tensor tensor = file.tensor(name);
    if (tensor.shape().size() != 2) {
      throw new IllegalArgumentException(name + " is not a matrix");
    }
    return tensor;
  }

  private static Head finite(Head head) throws HeadRefusedException {
    if (!head.isFinite() || !(head.card().temperature() > 0)) {
      throw new HeadRefusedException(
          Refusal.NOT_FINITE, "the head has numbers that are not finite");
    }
    return head;
  }

  static String sha256(String card, Map<String, Tensor> tensors) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(card.getBytes(StandardCharsets.UTF_8));
    tensors.values().forEach(tensor -> digest.update(tensor.data()));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String weight(int layer) {
    return "layers.%d.weight".formatted(layer);
  }

  private static String landmarks(int layer) {
    return "layers.%d.landmarks".formatted(layer);
  }

  private static String scale(int layer) {
    return "layers.%d.scale".formatted(layer);
  }

  private static String bias(int layer) {
    return "layers.%d.bias".formatted(layer);
  }
}
