package io.afina.trainer.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.ModelKey;
import io.afina.model.BadCards;
import io.afina.model.Heads;
import io.afina.model.MockModels;
import io.afina.model.ModelLog;
import org.junit.jupiter.api.Test;

class HeadReaderTest {

  @Test
  void shouldGiveTheTrainerNoHeadWhoseCardLacksAFieldOrHasAWrongOne() {
    assertThat(isThere(Heads.file(BadCards.good()))).isTrue();
    BadCards.lackingWhatMayLack()
        .forEach((what, file) -> assertThat(isThere(file)).as(what).isTrue());
    BadCards.bad().forEach((what, file) -> assertThat(isThere(file)).as(what).isFalse());
  }

  private static boolean isThere(byte[] file) {
    try (ModelLog models = MockModels.champion(BadCards.VERSION, file)) {
      models.readToEnd();
      return new HeadReader(models).at(ModelKey.CHAMPION).isPresent();
    }
  }
}
