package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.model.Heads;
import io.afina.model.LeftOut;
import io.afina.model.MockModels;
import io.afina.model.ModelLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

  private static Optional<String> untrained(ModelLog log) {
    try (log) {
      log.readToEnd();
      return ModelsCommand.untrained(log);
    }
  }
}
