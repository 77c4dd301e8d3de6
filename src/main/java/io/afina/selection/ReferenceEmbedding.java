package io.afina.selection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The embedding that another implementation gives a picture.
 *
 * @param picture its bytes
 */
record ReferenceEmbedding(byte[] picture, float[] embedding) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads a file: {@code [{"photo": "path", "embedding": [numbers]}]}; paths count from the file's
   * folder or one above it.
   *
   * @throws AfinaException when it is not of that form, or a picture is missing
   */
  static List<ReferenceEmbedding> read(Path file) {
    try {
      List<ReferenceEmbedding> references = new ArrayList<>();
      for (JsonNode each : JSON.readTree(file.toFile())) {
        float[] embedding = JSON.convertValue(each.path("embedding"), float[].class);
        if (embedding == null || embedding.length == 0 || !each.path("photo").isTextual()) {
          throw wrong(file, "each of its entries must have photo and embedding", null);
        }
        references.add(
            new ReferenceEmbedding(
                Files.readAllBytes(picture(file, each.path("photo").textValue())), embedding));
      }
      if (references.isEmpty()) {
        throw wrong(file, "it has no entries", null);
      }
      return references;
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(file, e.toString(), e);
    }
  }

  private static Path picture(Path file, String photo) {
    return Stream.iterate(
            file.toAbsolutePath().getParent(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve(photo))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () -> wrong(file, "there is no picture " + photo + " beside it or above", null));
  }

  private static AfinaException wrong(Path file, String why, @Nullable Exception cause) {
    return new AfinaException(
        ExitCode.NOT_FOUND,
        "%s is no reference (%s): write [{\"photo\": \"path\", \"embedding\": [numbers]}]"
            .formatted(file, why),
        cause);
  }
}
