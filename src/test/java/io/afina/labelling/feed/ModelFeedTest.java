package io.afina.labelling.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import io.afina.model.MemoryModels;
import io.afina.model.MemoryModels.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelFeedTest {

  private final MemoryModels models = new MemoryModels();

  @Test
  void shouldShowTheCardOfTheChampion() {
    // given
    add(new ModelKey.Head(7), Heads.file(Heads.identity(7, "ant", "bee")));
    promote(7L);

    // when
    try (ModelFeed feed = new ModelFeed(models.open(), new LearningTimes(), head -> {}, () -> {})) {
      // then
      assertThat(feed.champion()).map(HeadCard::version).contains(7L);
    }
  }

  @Test
  void shouldShowNoCardOnceTheChampionIsTakenAway() {
    // given
    add(new ModelKey.Head(7), Heads.file(Heads.identity(7, "ant", "bee")));
    promote(null);

    // when
    try (ModelFeed feed = new ModelFeed(models.open(), new LearningTimes(), head -> {}, () -> {})) {
      // then
      assertThat(feed.championAlias()).isPresent();
      assertThat(feed.champion()).isEmpty();
    }
  }

  private void promote(@Nullable Long version) {
    AliasRecord alias = new AliasRecord(version, "sre", Instant.EPOCH, "a test");
    add(ModelKey.CHAMPION, Json.write(alias));
  }

  private void add(ModelKey key, byte[] value) {
    models.add(
        new Sent(key.text().getBytes(StandardCharsets.UTF_8), value, new RecordHeaders(), 0));
  }
}
