package io.afina.trainer.judge;

import io.afina.config.AfinaConfig;
import io.afina.event.ModelKey;
import io.afina.label.LabelLog;
import io.afina.model.Head;
import io.afina.model.ModelLog;
import io.afina.trainer.data.Consensus;
import io.afina.trainer.data.Dataset;
import io.afina.trainer.data.ExampleLog;
import io.afina.trainer.data.ExampleSet;
import io.afina.trainer.judge.Evaluation.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Compares the challenger with the champion on the corrections that came after both were trained.
 *
 * @param corrections how many
 * @param agreement share of them on which both predict the same, 0 to 1
 */
public record ChallengerTrial(
    long challenger,
    long champion,
    int corrections,
    double agreement,
    double challengerAccuracy,
    double championAccuracy) {

  /**
   * Reads those corrections.
   *
   * @param models read to its end
   * @return empty when there is no challenger, or no such correction yet
   */
  public static Optional<ChallengerTrial> of(AfinaConfig config, ModelLog models) {
    HeadReader heads = new HeadReader(models);
    Optional<Head> champion = heads.at(ModelKey.CHAMPION);
    return heads
        .at(ModelKey.CHALLENGER)
        .flatMap(second -> champion.flatMap(first -> of(config, second, first)));
  }

  private static Optional<ChallengerTrial> of(AfinaConfig config, Head challenger, Head champion) {
    Dataset dataset = new Dataset(Consensus.of(config.trainer().consensus()));
    Map<Integer, Long> from = new HashMap<>(challenger.card().training().offsets());
    champion.card().training().offsets().forEach((p, offset) -> from.merge(p, offset, Math::max));
    try (LabelLog labels = new LabelLog(config);
        ExampleLog log = new ExampleLog(config, dataset, from)) {
      dataset.called(labels.table());
      log.readToEnd();
    }
    return dataset
        .examples(List.of(champion.card().backbone(), challenger.card().backbone()))
        .filter(all -> all.suit(champion.card()) && all.suit(challenger.card()))
        .map(all -> all.newTo(champion.card()).newTo(challenger.card()))
        .filter(unseen -> unseen.size() > 0)
        .map(unseen -> of(challenger, champion, unseen));
  }

  static ChallengerTrial of(Head challenger, Head champion, ExampleSet unseen) {
    Evaluation first = Evaluation.of(challenger, unseen);
    Evaluation second = Evaluation.of(champion, unseen);
    long agreed =
        IntStream.range(0, unseen.size())
            .filter(n -> agree(first.outcome(n), second.outcome(n)))
            .count();
    return new ChallengerTrial(
        challenger.version(),
        champion.version(),
        unseen.size(),
        (double) agreed / unseen.size(),
        first.accuracy(),
        second.accuracy());
  }

  private static boolean agree(Outcome first, Outcome second) {
    return first.predicted().equals(second.predicted());
  }

  @Override
  public String toString() {
    return "challenger %d agrees with champion %d on %.1f %% of the %d corrections after both; it is right in %.1f %%, the champion in %.1f %%"
        .formatted(
            challenger,
            champion,
            100 * agreement,
            corrections,
            100 * challengerAccuracy,
            100 * championAccuracy);
  }
}
