package io.afina.classifier.join;

import io.afina.event.Embedding;
import io.afina.event.TrainingExample;
import io.afina.event.TrainingExample.ImagePlace;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an image for as long as it has a label.
 *
 * @param label that it has
 * @param embeddings by backbone, the first of the one that classified it; none where an older
 *     version forgot it
 * @param image where it is; null where an older version did not note it
 * @param joined when the label came to the image; milliseconds since 1970
 */
record Labelled(Joined label, List<Embedding> embeddings, @Nullable ImagePlace image, long joined) {

  Labelled {
    embeddings = List.copyOf(embeddings);
  }

  /** An image that has just got its label. */
  static Labelled of(Joined label, JoinInput.Image image, long now) {
    return new Labelled(label, List.of(image.embedding()), image.place(), now);
  }

  /** An image that has just come, after its label, and may have had another one before. */
  static Labelled of(Optional<Labelled> before, Joined label, JoinInput.Image image, long now) {
    return before
        .map(known -> known.with(label, now).seen(image))
        .orElseGet(() -> of(label, image, now));
  }

  /** The same with another label, which comes now. */
  Labelled with(Joined other, long now) {
    return new Labelled(other, embeddings, image, now);
  }

  /**
   * The same without what one labeller said; itself when he said nothing, empty when nobody else
   * did.
   */
  Optional<Labelled> withdrawn(@Nullable String labeller, long now) {
    return label.without(labeller).map(rest -> rest.equals(label) ? this : with(rest, now));
  }

  /**
   * The same after an image event of its id. Another picture has none of the embeddings of the
   * former, and has to be kept in its place.
   */
  Labelled seen(JoinInput.Image other) {
    return isAt(other.place())
        ? with(other.embedding())
        : new Labelled(label, List.of(other.embedding()), other.place(), joined);
  }

  /** With the embedding of one backbone more; the oldest goes where there are too many. */
  Labelled with(Embedding embedding) {
    List<Embedding> all = new ArrayList<>(embeddings);
    int index = indexOf(embedding.backbone());
    if (index >= 0) {
      all.set(index, embedding);
    } else {
      all.add(embedding);
    }
    int surplus = Math.max(0, all.size() - TrainingExample.EMBEDDINGS);
    return new Labelled(label, all.subList(surplus, all.size()), image, joined);
  }

  /**
   * The same after an embedding of its kept picture came, one is not needed any more, or a
   * labeller's name has gone.
   */
  Labelled renewed(JoinInput input) {
    if (input instanceof JoinInput.Unnamed unnamed) {
      return new Labelled(label.unnamed(unnamed.labeller()), embeddings, image, joined);
    }
    if (input instanceof JoinInput.Embedded embedded && isAt(embedded.place())) {
      // What the picture itself gave is better than what its copy gives.
      return indexOf(embedded.embedding().backbone()) < 0 ? with(embedded.embedding()) : this;
    }
    return input instanceof JoinInput.Dropped dropped ? without(dropped.backbone()) : this;
  }

  /** What is known of it once it has no label. */
  Optional<TracedEmbedding> unlabelled() {
    ImagePlace place = image == null ? null : image.kept(false);
    return embeddings.stream()
        .findFirst()
        .map(first -> new TracedEmbedding(first, SpanContext.getInvalid(), place));
  }

  /** Without the embedding of a backbone; the last one stays. */
  private Labelled without(String backbone) {
    int index = indexOf(backbone);
    if (index < 0 || embeddings.size() == 1) {
      return this;
    }
    List<Embedding> others = new ArrayList<>(embeddings);
    others.remove(index);
    return new Labelled(label, others, image, joined);
  }

  /** Its picture is kept, which was at this place. */
  Labelled kept(ImagePlace place) {
    return new Labelled(label, embeddings, place.kept(true), joined);
  }

  /** Those on what is known of an image. */
  static Votes votes(Optional<Labelled> known) {
    return known.map(image -> Votes.of(image.label().votes())).orElse(Votes.NONE);
  }

  /** Whether the picture at this place is to be kept: it is this image's, and not kept yet. */
  boolean lacks(ImagePlace place) {
    return image == null || (image.isSame(place) && !image.kept());
  }

  private boolean isAt(@Nullable ImagePlace place) {
    return image != null && place != null && image.isSame(place);
  }

  /**
   * Its training example; only with an embedding.
   *
   * @param again whether the label was learned before, and only its embeddings changed
   */
  TrainingExample example(boolean again) {
    return new TrainingExample(
        label.correction().label(),
        label.correction().labeller(),
        label.at(),
        embeddings,
        label.correction().asked(),
        Votes.of(label.votes()).ofSeveral(),
        again ? Instant.ofEpochMilli(joined) : null,
        image,
        label.checked());
  }

  private int indexOf(String backbone) {
    for (int i = 0; i < embeddings.size(); i++) {
      if (embeddings.get(i).backbone().equals(backbone)) {
        return i;
      }
    }
    return -1;
  }
}
