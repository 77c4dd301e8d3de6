package io.afina.labelling.http;

import io.afina.label.LabelTable;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import java.util.function.Supplier;

/** Where nobody has declared a label, and changes are written nowhere. */
final class NoLabels {

  static final Supplier<LabelTable> TABLE = () -> LabelTable.EMPTY;

  private NoLabels() {}

  static LabelsApi api(AnswerIndex answers, ModelFeed models, int bodyLimit) {
    return new LabelsApi(
        edit -> edit.apply(LabelTable.EMPTY),
        new LabelViews(TABLE, answers, models),
        answers,
        bodyLimit);
  }
}
