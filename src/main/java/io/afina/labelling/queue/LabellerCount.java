package io.afina.labelling.queue;

import io.afina.label.LabelTable;
import io.afina.labelling.queue.Answers.Answer;
import java.util.List;

/**
 * What one labeller did lately.
 *
 * @param images that the labeller labelled, 2,000 at most
 * @param compared answers of others to these images
 * @param agreeing how many of those say the same
 */
public record LabellerCount(String labeller, int images, int compared, int agreeing) {

  LabellerCount with(Answers said, LabelTable table) {
    List<Answer> others = said.all().stream().filter(a -> !a.who().equals(labeller)).toList();
    String own =
        said.all().stream()
            .filter(answer -> answer.who().equals(labeller))
            .map(Answer::label)
            .findFirst()
            .orElse("");
    int same = (int) others.stream().filter(a -> table.same(a.label(), own)).count();
    return new LabellerCount(labeller, images, compared + others.size(), agreeing + same);
  }
}
