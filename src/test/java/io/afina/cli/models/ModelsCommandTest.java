package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.model.BadCards;
import io.afina.model.HeadCard;
import io.afina.model.HeadRecipe;
import io.afina.model.HeadRecipe.Form;
import io.afina.model.Heads;
import io.afina.model.LeftOut;
import io.afina.model.MockModels;
import io.afina.model.ModelLog;
import io.afina.model.Race;
import io.afina.model.Race.Entrant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelsCommandTest {

  @Test
  void shouldSayWhyNoNewHeadIsTrained() {
    AliasRecord said = new AliasRecord(null, "trainer", Instant.EPOCH, "only 'ant' has 3 examples");

    assertThat(untrained(MockModels.of(Map.of(ModelKey.UNTRAINED, Json.write(said)))))
        .contains("no new head is trained: only 'ant' has 3 examples");
    assertThat(untrained(MockModels.with(Heads.identity(1, "ant", "bee")))).isEmpty();
  }

  @Test
  void shouldSayWhichLabelsAHeadDoesNotHave() {
    assertThat(ModelShowCommand.leftOut(new LeftOut(1, 3, List.of("ant"))))
        .isEqualTo("1 labels with 3 examples, because there are too many: ant");
    assertThat(ModelShowCommand.leftOut(new LeftOut(3, 9, List.of("ant", "bee"))))
        .isEqualTo("3 labels with 9 examples, because there are too many: ant, bee, …");
  }

  @Test
  void shouldShowTheRaceAndBothFigures() {
    // given
    HeadRecipe weak = new HeadRecipe(Form.DENSE, 0.01, 0);
    HeadRecipe strong = new HeadRecipe(Form.HIDDEN, 1, 0);
    Race race =
        new Race(
            240,
            List.of(new Entrant(weak, 0.51, 0.875, 0.1), new Entrant(strong, 0.31, 0.93, 2)),
            new HeadRecipe(Form.HIDDEN, 1, 12));

    // then
    assertThat(ModelShowCommand.race(race))
        .containsExactly(
            "race           on 240 examples, none of which judges; took 2.10 s",
            "  dense, C = 0.01              accuracy  87.5 %, log loss 0.510, 0.10 s",
            "  hidden, C = 1                accuracy  93.0 %, log loss 0.310, 2.00 s  chosen");
    assertThat(race.winner().text()).isEqualTo("hidden, C = 1, 12 epochs");
    HeadCard raced = BadCards.good().card();
    assertThat(ModelShowCommand.judged(raced, Objects.requireNonNull(raced.measures())))
        .startsWith("on 10 examples by holdout, of stand-ins");
    try (ModelLog log = MockModels.with(BadCards.good())) {
      log.readToEnd();
      assertThat(ModelsCommand.list(log).get(1)).contains("90.0 %   90.0 %", "dense, C = 0.1");
    }
  }

  @Test
  void shouldShowNoRaceWhereOneFormStoodAlone() {
    HeadRecipe alone = new HeadRecipe(Form.DENSE, 1, 0);

    assertThat(ModelShowCommand.race(new Race(10, List.of(), alone))).isEmpty();
  }

  private static Optional<String> untrained(ModelLog log) {
    try (log) {
      log.readToEnd();
      return ModelsCommand.untrained(log);
    }
  }
}
