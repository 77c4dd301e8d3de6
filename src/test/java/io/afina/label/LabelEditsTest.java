package io.afina.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.Json;
import io.afina.event.Prediction.Score;
import io.afina.lifecycle.AfinaException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LabelEditsTest {

  private LabelTable table = LabelTable.EMPTY;
  private long second;

  @Test
  void shouldCallALabelByItsNewNameWhereverTheOldOneStands() {
    // given
    declare("Bee", "ant");

    // when
    edit((edits, now) -> edits.rename(now, " bee", "Honey bee"));

    // then
    assertThat(table.names()).containsExactlyInAnyOrder("Honey bee", "ant");
    assertThat(table.name("BEE")).isEqualTo("Honey bee");
    assertThat(table.same("bee", "honey bee")).isTrue();
    assertThat(table.name("moth ")).as("nobody declared it").isEqualTo("moth");
  }

  @Test
  void shouldKeepTheFirstSpellingUntilSomebodyRenames() {
    declare("Bee", "bee", "BEE ");
    assertThat(table.names()).containsExactly("Bee");

    edit((edits, now) -> edits.rename(now, "bee", "bee"));

    assertThat(table.names()).containsExactly("bee");
  }

  @Test
  void shouldLeadFromLabelToLabelHoweverOftenTheyAreMerged() {
    // given
    declare("hornet", "wasp", "insect", "ant");

    // when
    edit((edits, now) -> edits.merge(now, List.of("hornet"), "wasp"));
    edit((edits, now) -> edits.merge(now, List.of("wasp", "ant"), "insect"));
    edit((edits, now) -> edits.rename(now, "insect", "bug"));

    // then
    assertThat(List.of("hornet", "wasp", "ant", "insect", "bug"))
        .allSatisfy(name -> assertThat(table.name(name)).isEqualTo("bug"));
    assertThat(table.names()).containsExactly("bug");
    assertThat(table.scores(scores("wasp", 0.4, "moth", 0.35, "ant", 0.25)))
        .containsExactly(new Score("bug", 0.65), new Score("moth", 0.35));
  }

  @Test
  void shouldTakeEveryChangeBackTheLastOneFirst() {
    // given
    declare("hornet", "wasp");
    LabelTable before = table;
    edit((edits, now) -> edits.rename(now, "wasp", "common wasp"));
    edit((edits, now) -> edits.merge(now, List.of("hornet"), "wasp"));
    edit((edits, now) -> edits.retire(now, "wasp"));

    // when
    edit((edits, now) -> LabelEdits.undo(now, Optional.empty()));

    // then
    assertThat(table.isRetired("hornet")).isFalse();
    assertThat(table.names()).containsExactly("common wasp");

    // when
    edit((edits, now) -> LabelEdits.undo(now, Optional.of("hornet")));
    edit((edits, now) -> LabelEdits.undo(now, Optional.empty()));

    // then
    assertThat(table.names()).containsExactlyElementsOf(before.names());
    assertThat(table.name("common wasp")).as("somebody may have said it").isEqualTo("wasp");
    refused("nothing to undo", () -> LabelEdits.undo(table, Optional.empty()));
  }

  @Test
  void shouldRetireALabelWithAllThatWasMergedIntoIt() {
    declare("hornet", "wasp");
    edit((edits, now) -> edits.merge(now, List.of("hornet"), "wasp"));

    edit((edits, now) -> edits.retire(now, "wasp"));

    assertThat(table.isRetired("Hornet")).isTrue();
    assertThat(table.names()).isEmpty();
    assertThat(table.scores(scores("hornet", 0.9, "moth", 0.1)))
        .containsExactly(new Score("moth", 0.1));
  }

  @Test
  void shouldRefuseWhatWouldMakeTwoLabelsOfOneOrOneOfTwo() {
    // given
    declare("hornet", "wasp", "ant");
    edit((edits, now) -> edits.merge(now, List.of("hornet"), "wasp"));
    edit((edits, now) -> edits.retire(now, "ant"));
    LabelEdits edits = edits();
    LabelTable withMoth = table.with(edits.declare(table, List.of("moth")));

    // then
    refused("no label 'moth'", () -> edits.rename(table, "moth", "x"));
    refused("leads to 'wasp'", () -> edits.rename(withMoth, "moth", "HORNET"));
    refused("was merged into 'wasp'", () -> edits.merge(table, List.of("wasp"), "hornet"));
    refused("is retired", () -> edits.merge(table, List.of("wasp"), "ant"));
    refused("one label already", () -> edits.merge(table, List.of("wasp"), "Wasp"));
    refused("control character", () -> edits.rename(table, "wasp", "a\u0007"));
    refused("200", () -> edits.rename(table, "wasp", "x".repeat(201)));
    refused("such as #ffaa00", () -> new LabelDescription(null, null, "red", null));
  }

  @Test
  void shouldSayWhatALabelMeansAndAddIt() {
    LabelDescription guideline =
        new LabelDescription("with a waist", List.of("a/1"), "#aabb00", "w");
    edit((edits, now) -> edits.describe(now, "Wasp", guideline));
    edit((edits, now) -> edits.describe(now, "wasp", new LabelDescription("", null, null, "v")));

    LabelRecord wasp = record("wasp");
    assertThat(wasp.name()).isEqualTo("Wasp");
    assertThat(wasp.description()).isNull();
    assertThat(wasp.examples()).containsExactly("a/1");
    assertThat(wasp.key()).isEqualTo("v");
    edit((edits, now) -> LabelEdits.undo(now, Optional.of("wasp")));
    assertThat(record("wasp").description()).isEqualTo("with a waist");
  }

  @Test
  void shouldBoundWhatARecordRemembers() {
    declare("wasp");
    String long1 = "\u0001".repeat(4_000);

    for (int n = 0; n < 40; n++) {
      String text = long1.substring(2) + n;
      edit(
          (edits, now) ->
              edits.describe(now, "wasp", new LabelDescription(text, null, null, null)));
    }

    LabelRecord wasp = record("wasp");
    assertThat(Json.write(wasp)).hasSizeLessThan(600_000);
    assertThat(Json.readWhole(Json.write(wasp), LabelRecord.class)).isEqualTo(wasp);
  }

  @Test
  void shouldNotTurnForEverWhereSomebodyHasMergedInARing() {
    LabelTable ring =
        new LabelTable(Map.of("a", merged("A", "b"), "b", merged("B", "c"), "c", merged("C", "a")));

    assertThat(ring.name("a")).isIn("A", "B", "C");
    assertThat(ring.names()).isEmpty();
  }

  private static LabelRecord merged(String name, String into) {
    return new LabelRecord(
        name,
        List.of(),
        null,
        List.of(),
        null,
        null,
        LabelRecord.State.MERGED,
        into,
        "mia",
        Instant.EPOCH,
        "",
        List.of());
  }

  private static List<Score> scores(Object... labelsAndScores) {
    return java.util.stream.IntStream.range(0, labelsAndScores.length / 2)
        .mapToObj(
            n -> new Score((String) labelsAndScores[2 * n], (double) labelsAndScores[2 * n + 1]))
        .toList();
  }

  private LabelRecord record(String id) {
    return Objects.requireNonNull(table.records().get(id));
  }

  private void declare(String... names) {
    edit((edits, now) -> edits.declare(now, Arrays.asList(names)));
  }

  private LabelEdits edits() {
    return new LabelEdits("mia", Instant.ofEpochSecond(++second), "for a test");
  }

  private void edit(BiFunction<LabelEdits, LabelTable, Map<String, LabelRecord>> edit) {
    table = table.with(edit.apply(edits(), table));
  }

  private static void refused(String why, ThrowingCallable edit) {
    assertThatThrownBy(edit).isInstanceOf(AfinaException.class).hasMessageContaining(why);
  }
}
