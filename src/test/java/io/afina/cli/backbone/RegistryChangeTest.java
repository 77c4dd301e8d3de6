package io.afina.cli.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.ClassifierMember;
import io.afina.event.ClassifierMember.Loaded;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.kafka.ClassifierMembers;
import io.afina.lifecycle.AfinaException;
import io.afina.model.Heads;
import io.afina.model.MockModels;
import io.afina.model.ModelLog;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryChangeTest {

  private static final String OLD = Heads.BACKBONE;
  private static final Backbone NEW = new BackboneResolver().resolve(null);
  private static final String ADDRESS = "bundled:small_res_112.onnx";
  private static final Map<String, Optional<ClassifierMember>> MEMBERS =
      Map.of(
          "one",
          Optional.of(
              new ClassifierMember(
                  List.of(new Loaded(OLD, "old", "/old.onnx", 2, "none")),
                  Map.of(NEW.id(), "there is no file"),
                  "afina",
                  Instant.EPOCH)),
          "two",
          Optional.empty());

  private final Map<ModelKey, byte[]> records = new LinkedHashMap<>();

  @Test
  void shouldAskForAnotherAndNoteWhereTheChampionsIs() {
    // given
    champion();

    // when
    Map<String, BackboneRecord> changes = change().want(NEW, ADDRESS, MEMBERS);

    // then
    assertThat(changes).containsOnlyKeys(OLD, NEW.id());
    assertThat(changes)
        .hasEntrySatisfying(
            OLD,
            record -> {
              assertThat(record.state()).isEqualTo(State.ANSWERING);
              assertThat(record.address()).isEqualTo("/old.onnx");
            })
        .hasEntrySatisfying(
            NEW.id(),
            record -> {
              assertThat(record.state()).isEqualTo(State.WANTED);
              assertThat(record.address()).isEqualTo(ADDRESS);
            });
  }

  @Test
  void shouldRefuseWhatCannotBeDone() {
    // given nothing
    assertThatThrownBy(() -> change().want(NEW, ADDRESS, MEMBERS))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("no head answers yet");

    // given a champion
    champion();
    assertThatThrownBy(() -> change().want(NEW, ADDRESS, Map.of()))
        .hasMessageContaining("no running classifier says where");
    assertThatThrownBy(() -> change().finish()).hasMessageContaining("no other backbone");
    assertThatThrownBy(() -> change().cancel()).hasMessageContaining("no upgrade is under way");

    // given an upgrade to another
    say("cd".repeat(32), State.WANTED);
    assertThatThrownBy(() -> change().want(NEW, ADDRESS, MEMBERS))
        .hasMessageContaining("is under way");
    assertThatThrownBy(() -> change().finish()).hasMessageContaining("does not answer yet");
  }

  @Test
  void shouldGiveUpWhatDoesNotAnswer() {
    // given
    champion();
    say(OLD, State.ANSWERING);
    say(NEW.id(), State.ANSWERING);

    // then
    assertThat(change().finish())
        .containsOnlyKeys(NEW.id())
        .hasEntrySatisfying(
            NEW.id(), record -> assertThat(record.state()).isEqualTo(State.FINISHED));
    say(NEW.id(), State.WANTED);
    assertThat(change().cancel()).containsOnlyKeys(NEW.id());
  }

  @Test
  void shouldNameWhoHasItNotAndWhy() {
    assertThat(ClassifierMembers.without(OLD, MEMBERS)).containsOnlyKeys("two");
    assertThat(ClassifierMembers.without(NEW.id(), MEMBERS))
        .containsEntry("one", "there is no file")
        .hasEntrySatisfying("two", why -> assertThat(why).contains("has not said"));
    assertThat(ClassifierMembers.without("none", Map.of())).isEmpty();
  }

  private RegistryChange change() {
    ModelLog models = MockModels.of(records);
    models.readToEnd();
    return new RegistryChange(models, "ada", "a test");
  }

  private void champion() {
    records.put(new ModelKey.Head(1), Heads.file(Heads.identity(1, "ant", "bee")));
    records.put(ModelKey.CHAMPION, Json.write(new AliasRecord(1L, "ada", Instant.EPOCH, "")));
  }

  private void say(String id, State state) {
    records.put(
        new ModelKey.Backbone(id),
        Json.write(new BackboneRecord("x", "/x.onnx", 2, "none", state, "ada", Instant.EPOCH, "")));
  }
}
