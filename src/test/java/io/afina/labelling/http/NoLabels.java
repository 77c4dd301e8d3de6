package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;

import io.afina.config.LabellingConfig;
import io.afina.event.Embedding;
import io.afina.label.LabelTable;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.grid.Alike;
import io.afina.labelling.grid.LabelledPicture;
import io.afina.labelling.grid.PictureIndex;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.GridLeasing;
import io.afina.labelling.queue.ReviewQueue;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Parts of the API where nobody has declared a label, and nothing is written or read. */
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

  static GridApi grid(
      LabellingService service,
      ReviewQueue queue,
      PicturesApi pictures,
      ImageIdLimit ids,
      int bodyLimit) {
    return new GridApi(service, new GridLeasing(queue), PICTURES, pictures, TABLE, ids, bodyLimit);
  }

  static BulkApi bulk(CorrectionSender sender, ImageIdLimit ids, LabellingConfig config) {
    return new BulkApi(
        TOPICS.training(),
        TABLE,
        sender,
        () -> {
          throw new IllegalStateException("exports nothing");
        },
        ids,
        config.maxUploadBytes());
  }

  static LabelsApi api(AnswerIndex answers, ModelFeed models, int bodyLimit) {
    return new LabelsApi(
        edit -> edit.apply(LabelTable.EMPTY),
        new LabelViews(TABLE, answers, models),
        answers,
        bodyLimit);
  }
}
