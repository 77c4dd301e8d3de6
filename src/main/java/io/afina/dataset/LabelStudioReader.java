package io.afina.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the choices of tasks as Label Studio exports them, in its form JSON or JSON-MIN (<a
 * href="https://labelstud.io/guide/task_format.html">Label Studio task format</a>). Pictures are
 * beside the export by their names, or where their address says; of tasks that came from Afina the
 * id is known.
 */
final class LabelStudioReader {

  private static final Set<String> FETCHED = Set.of("http", "https", "s3", "file");

  private LabelStudioReader() {}

  static void read(Path file, JsonNode tasks, Contents contents) {
    for (JsonNode task : tasks) {
      String where =
          "%s, task %s".formatted(contents.folder().name(file), task.path("id").asText("?"));
      Set<String> labels = new TreeSet<>();
      String labeller = null;
      String at = null;
      for (JsonNode annotation : task.path("annotations")) {
        if (!annotation.path("was_cancelled").asBoolean()) {
          choices(annotation.path("result"), labels);
          labeller = email(annotation.path("completed_by"));
          at = text(annotation.path("created_at"));
        }
      }
      choicesOfMinimal(task, labels);
      if (labels.size() > 1) {
        contents.wrong(where, "its annotations say %s: one label is needed".formatted(labels));
      } else {
        String label = labels.isEmpty() ? null : labels.iterator().next();
        add(where, task, new IndexRow(null, null, label, null, labeller, at), contents);
      }
    }
  }

  private static void add(String where, JsonNode task, IndexRow said, Contents contents) {
    JsonNode data = task.has("data") ? task.path("data") : task;
    String afinaId = text(data.path("afina_id"));
    String image = text(data.path("image"));
    if (afinaId != null) {
      contents.add(where, row(null, afinaId, said), (URI) null);
      return;
    }
    if (image == null) {
      contents.wrong(where, "it has neither data.afina_id nor data.image");
      return;
    }
    Path root = contents.folder().root();
    List<Path> bases = List.of(root, root.resolve("images"));
    String name = name(image);
    Optional<URI> uri = uri(image);
    if (contents.folder().file(name, bases).isPresent() || uri.isEmpty()) {
      contents.add(where, row(name, null, said), bases);
    } else {
      String id = Optional.ofNullable(uri.get().getPath()).orElse("").replaceFirst("^/+", "");
      contents.add(where, row(null, id, said), uri.get());
    }
  }

  private static IndexRow row(@Nullable String file, @Nullable String id, IndexRow said) {
    return new IndexRow(file, id, said.label(), null, said.labeller(), said.at());
  }

  private static void choices(JsonNode results, Set<String> labels) {
    for (JsonNode result : results) {
      result.path("value").path("choices").forEach(choice -> labels.add(choice.asText()));
    }
  }

  private static void choicesOfMinimal(JsonNode task, Set<String> labels) {
    JsonNode choice = task.path("choice");
    if (choice.isTextual()) {
      labels.add(choice.asText());
    }
    choice.path("choices").forEach(each -> labels.add(each.asText()));
  }

  private static @Nullable String email(JsonNode by) {
    return by.isObject() ? text(by.path("email")) : null;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
  }

  /** What comes last, without the query: {@code /data/upload/1/8f2c-bee.jpg?d=x}. */
  private static String name(String address) {
    String path = address.replaceFirst("[?#].*$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Optional<URI> uri(String address) {
    try {
      URI uri = new URI(address);
      return uri.getScheme() != null && FETCHED.contains(uri.getScheme())
          ? Optional.of(uri)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
