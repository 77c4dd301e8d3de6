package io.afina.dataset;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code labels.csv}, {@code metadata.csv} or {@code metadata.jsonl}; Hugging Face's
 * imagefolder asks for {@code file_name} alone.
 *
 * @param file where the picture is, relative to the index
 * @param at when it was labelled, ISO 8601
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"file_name", "id", "label", "split", "labeller", "at"})
record IndexRow(
    @JsonProperty("file_name") @JsonAlias({"file", "filename", "image", "path"})
        @Nullable String file,
    @Nullable String id,
    @JsonAlias({"class", "category"}) @Nullable String label,
    @Nullable String split,
    @Nullable String labeller,
    @Nullable String at) {

  /** Of a dataset that says neither who labelled it nor when. */
  static IndexRow of(@Nullable String file, @Nullable String id, @Nullable String label) {
    return new IndexRow(file, id, label, null, null, null);
  }

  /** The same with its file below a folder. */
  IndexRow relativeTo(String folder) {
    String below = Objects.requireNonNull(file).substring(folder.length() + 1);
    return new IndexRow(below, id, label, split, labeller, at);
  }
}
