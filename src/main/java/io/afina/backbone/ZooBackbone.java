package io.afina.backbone;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import io.afina.backbone.card.HubCard;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.picture.tensor.PictureInput;
import io.afina.picture.tensor.ResizeRule;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Fetches a network of DJL's model zoo. The zoo has no cards, so one is made up: the preparation
 * that its image classification networks share, and what the network itself tells. The embedding is
 * whatever the network gives; of a classifier, that is one score a label of ImageNet.
 */
final class ZooBackbone {

  /** As torchvision prepares ImageNet, which the zoo's networks come from. */
  private static final PictureInput IMAGENET =
      new PictureInput(
          new ResizeRule(256, 224),
          new float[] {0.485f, 0.456f, 0.406f},
          new float[] {0.229f, 0.224f, 0.225f});

  private ZooBackbone() {}

  static Backbone fetch(String address) {
    Path file = modelFile(address, download(address));
    return MeasuredBackbone.of(file, new HubCard(file, address, "see " + address, IMAGENET, ""));
  }

  private static Path download(String address) {
    try (ZooModel<NDList, NDList> model = criteria(address).loadModel()) {
      return model.getModelPath();
    } catch (IOException | ModelNotFoundException | MalformedModelException | RuntimeException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "%s: take a file with --backbone FILE, or leave --backbone out for the one that comes with Afina"
              .formatted(problem(address, e)),
          e);
    }
  }

  private static Criteria<NDList, NDList> criteria(String address) {
    return Criteria.builder().setTypes(NDList.class, NDList.class).optModelUrls(address).build();
  }

  private static String problem(String address, Exception e) {
    if (AfinaException.isCausedBy(e, UnknownHostException.class, SocketException.class)) {
      return "cannot reach DJL's model zoo for the backbone " + address;
    }
    return e instanceof MalformedModelException
        ? "the backbone %s does not load (%s)".formatted(address, EngineLibraries.firstLine(e))
        : "DJL's model zoo has no backbone %s (%s)"
            .formatted(address, EngineLibraries.firstLine(e));
  }

  private static Path modelFile(String address, Path path) {
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(file -> file.toString().endsWith(".pt") || file.toString().endsWith(".onnx"))
          .findFirst()
          .orElseThrow(
              () ->
                  new AfinaException(
                      ExitCode.BACKBONE,
                      "the backbone %s has neither a .pt nor an .onnx file: take another"
                          .formatted(address)));
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.BACKBONE, "cannot read the backbone %s in %s".formatted(address, path), e);
    }
  }
}
