package io.afina.labelling.http;

import io.afina.event.Embedding;
import io.afina.label.LabelTable;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.grid.Alike;
import io.afina.labelling.grid.LabelledPicture;
import io.afina.labelling.grid.PictureIndex;
import io.afina.labelling.queue.AnswerIndex;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where nobody has declared a label, and changes are written nowhere. */
final class NoLabels {

  static final Supplier<LabelTable> TABLE = () -> LabelTable.EMPTY;

  static final PictureIndex PICTURES =
      new PictureIndex() {
        @Override
        public List<Alike<LabelledPicture>> nearest(Embedding to, int count) {
          return List.of();
        }

        @Override
        public Optional<LabelledPicture> find(String image) {
          return Optional.empty();
        }

        @Override
        public Optional<byte[]> copy(String image) {
          return Optional.empty();
        }
      };

  private NoLabels() {}

  static LabelsApi api(AnswerIndex answers, ModelFeed models, int bodyLimit) {
    return new LabelsApi(
        edit -> edit.apply(LabelTable.EMPTY),
        new LabelViews(TABLE, answers, models),
        answers,
        bodyLimit);
  }
}
