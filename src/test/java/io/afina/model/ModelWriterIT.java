package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.broker.TestBroker;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.ModelKey;
import io.afina.lifecycle.AfinaException;
import io.afina.topic.PlanRequest;
import io.afina.topic.TopicAdmin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a broker of its own, because the names of the topics are given. */
class ModelWriterIT {

  private TestBroker broker;
  private AfinaConfig config;
  private ModelLog log;

  @BeforeEach
  void start() {
    broker = TestBroker.startFresh();
    config =
        ConfigLoader.defaults().set("kafka.bootstrap.servers", broker.bootstrapServers()).load();
    try (TopicAdmin admin = TopicAdmin.connect(config)) {
      admin.apply(admin.plan(PlanRequest.none(config.classifier().applicationId())));
    }
    log = ModelLog.open(config);
  }

  @AfterEach
  void stop() {
    log.close();
    broker.close();
  }

  @Test
  void shouldMoveTheChampionAndRememberTheOneBefore() {
    try (ModelWriter writer = new ModelWriter(config, log)) {
      writer.promote(head(1), "trainer", "the first");
      writer.promote(head(2), "trainer", "better");
      assertThat(at(ModelKey.CHAMPION)).hasValue(2L);
      assertThat(at(ModelKey.PREVIOUS)).hasValue(1L);

      writer.rollback("ada", "it calls every cat a dog", true);

      assertThat(at(ModelKey.CHAMPION)).hasValue(1L);
      assertThat(at(ModelKey.PREVIOUS)).hasValue(2L);
      assertThat(at(ModelKey.PINNED)).hasValue(1L);
      AliasRecord champion = log.alias(ModelKey.CHAMPION).orElseThrow();
      assertThat(champion.who()).isEqualTo("ada");
      assertThat(champion.history())
          .extracting(AliasRecord.Move::version, AliasRecord.Move::why)
          .containsExactly(tuple(2L, "better"), tuple(1L, "the first"));

      writer.unpin("ada", "mended");
      assertThat(at(ModelKey.PINNED)).isEmpty();
      assertThat(log.alias(ModelKey.PINNED).orElseThrow().who()).isEqualTo("ada");
    }
  }

  @Test
  void shouldLetAChallengerBecomeTheChampion() {
    try (ModelWriter writer = new ModelWriter(config, log)) {
      writer.promote(head(1), "trainer", "the first");
      writer.challenge(head(2), "trainer", "on trial");
      assertThat(at(ModelKey.CHAMPION)).hasValue(1L);
      assertThat(at(ModelKey.CHALLENGER)).hasValue(2L);

      writer.promote(2, "trainer", "won");

      assertThat(at(ModelKey.CHAMPION)).hasValue(2L);
      assertThat(at(ModelKey.CHALLENGER)).isEmpty();
    }
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    try (ModelWriter writer = new ModelWriter(config, log)) {
      assertThatThrownBy(() -> writer.promote(7, "ada", ""))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("no head 7");
      assertThatThrownBy(() -> writer.rollback("ada", "", true))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("no champion before");
      assertThatThrownBy(() -> writer.pin("ada", ""))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("no champion to pin");
    }
  }

  @Test
  void shouldRemoveOldHeadsAndKeepThoseThatAreNeeded() {
    try (ModelWriter writer = new ModelWriter(config, log)) {
      for (long version = 1; version <= 6; version++) {
        writer.publish(head(version));
      }
      writer.promote(2, "ada", "");

      List<Long> old = log.prunable(1);
      writer.remove(old);

      assertThat(old).containsExactly(5L, 4L, 3L, 1L);
      assertThatThrownBy(() -> writer.remove(List.of(2L))).hasMessageContaining("head 2 stays");
      assertThatThrownBy(() -> writer.remove(List.of(6L))).hasMessageContaining("head 6 stays");
      try (ModelLog fresh = ModelLog.open(config)) {
        fresh.readToEnd();
        assertThat(fresh.versions()).containsExactly(2L, 6L);
      }
    }
  }

  @Test
  void shouldSignAHeadThatIsPromotedByHandWithAKey(@TempDir Path folder) throws Exception {
    try (ModelWriter unsigned = new ModelWriter(config, log)) {
      unsigned.publish(head(1));
    }
    Path key = folder.resolve("key");
    var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String base64 = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    Files.writeString(
        key, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----");
    AfinaConfig signing =
        ConfigLoader.defaults()
            .set("kafka.bootstrap.servers", broker.bootstrapServers())
            .set("trainer.signingKey", key)
            .load();

    try (ModelWriter writer = new ModelWriter(signing, log)) {
      writer.promote(1, "ada", "looked at it");
    }

    assertThat(HeadFile.isSigned(log.head(1).orElseThrow())).isTrue();
    assertThat(log.versions()).containsExactly(1L);
    assertThat(at(ModelKey.CHAMPION)).hasValue(1L);
  }

  @Test
  void shouldEndAnUpgradeWithTheHeadThatAnswersAndRefuseWhatWasGivenUp() {
    try (ModelWriter writer = new ModelWriter(config, log)) {
      // given
      BackboneRecord wanted =
          new BackboneRecord(
              "new", "/new.onnx", 2, "none", State.WANTED, "ada", Instant.EPOCH, "more accurate");
      writer.backbones(Map.of(Heads.BACKBONE, wanted));
      writer.publish(head(1));
      assertThat(state()).isEqualTo(State.WANTED);

      // when
      writer.promote(1, "trainer", "better");

      // then
      assertThat(state()).isEqualTo(State.ANSWERING);
      writer.backbones(
          Map.of(Heads.BACKBONE, wanted.in(State.FINISHED, "ada", Instant.EPOCH, "given up")));
      assertThatThrownBy(() -> writer.promote(1, "ada", "again"))
          .isInstanceOf(AfinaException.class)
          .hasMessageContaining("given up");
    }
  }

  @Test
  void shouldFenceTheWriterBefore() {
    try (ModelLog theirs = ModelLog.open(config);
        ModelWriter first = new ModelWriter(config, theirs)) {
      first.promote(head(1), "trainer", "the first");
      try (ModelWriter second = new ModelWriter(config, log)) {
        assertThatThrownBy(() -> first.promote(head(2), "trainer", "too late"))
            .isInstanceOf(KafkaException.class);
        second.promote(head(log.newest() + 1), "ada", "hers");
      }
    }
    assertThat(at(ModelKey.CHAMPION)).hasValue(2L);
    assertThat(log.alias(ModelKey.CHAMPION).orElseThrow().who()).isEqualTo("ada");
  }

  private State state() {
    return Optional.ofNullable(log.backbones().get(Heads.BACKBONE)).orElseThrow().state();
  }

  private Optional<Long> at(ModelKey.Alias alias) {
    return log.alias(alias).map(AliasRecord::version);
  }

  private static Head head(long version) {
    return Heads.identity(version, "ant", "bee");
  }
}
