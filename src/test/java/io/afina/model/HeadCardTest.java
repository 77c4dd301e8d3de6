package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.metrics.HeadMeters;
import io.afina.metrics.Traces;
import io.afina.model.HeadRefusedException.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Heads whose cards lack a field or have a wrong one. */
class HeadCardTest {

  @Test
  void shouldNameTheFieldThatIsMissingOrWrongAndWhatIsExpected() {
    assertThat(BadCards.bad()).hasSizeGreaterThan(200);
    BadCards.bad()
        .forEach(
            (what, file) ->
                assertThatThrownBy(() -> HeadFile.read(file))
                    .as(what)
                    .isInstanceOf(HeadRefusedException.class)
                    .hasMessageMatching("the head has a card that has .+: expected .+")
                    .hasMessageContaining(name(what)));
  }

  @Test
  void shouldSayItInOneSentence() {
    assertThat(why("training missing"))
        .isEqualTo("the head has a card that has no training: expected an object");
    assertThat(why("created null"))
        .isEqualTo(
            "the head has a card that has no created: expected a time such as 2026-01-31T12:00:00Z");
    assertThat(why("training.examples negative"))
        .isEqualTo(
            "the head has a card that has training.examples -1: expected a whole number of 0 or more");
    assertThat(why("measures.labels.0.recall NaN"))
        .isEqualTo(
            "the head has a card that has measures.labels[0].recall \"NaN\": expected a number from 0 to 1");
    assertThat(why("verdict.decision a number"))
        .endsWith("expected one of promoted, rejected, held, challenger, imported");
  }

  @Test
  void shouldTakeAHeadThatLacksWhatAHeadMayLack() throws HeadRefusedException {
    assertThat(HeadFile.read(Heads.file(BadCards.good())).card()).isEqualTo(BadCards.good().card());
    for (var lacking : BadCards.lackingWhatMayLack().entrySet()) {
      assertThat(HeadFile.read(lacking.getValue()).version())
          .as(lacking.getKey())
          .isEqualTo(BadCards.VERSION);
    }
  }

  @Test
  void shouldKeepTheChampionAndCountARefusalWhenAClassifierFindsSuchAHead() {
    BadCards.bad()
        .forEach(
            (what, file) -> {
              // given
              HeadSlot slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());
              slot.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));
              MeterRegistry meters = new SimpleMeterRegistry();
              List<SwapResult> reported = new ArrayList<>();

              // when
              try (HeadFollower follower =
                  new HeadFollower(
                      MockModels.champion(BadCards.VERSION, file),
                      slot,
                      new HeadMeters(meters, Refusal.texts()),
                      Traces.off(),
                      reported::add,
                      HeadFollower.Backbones.FIXED)) {
                // then
                assertThat(follower.ended()).as(what).isNotDone();
              }
              assertThat(slot.head().map(Head::version)).as(what).contains(1L);
              assertThat(reported).as(what).hasOnlyElementsOfType(SwapResult.Refused.class);
              assertThat(
                      meters
                          .get("afina.head.refused")
                          .tag("place", "champion")
                          .tag("reason", "unreadable")
                          .counter()
                          .count())
                  .as(what)
                  .isOne();
            });
  }

  @Test
  void shouldRefuseLabelsThatAreNoneBlankOrThereTwice() {
    for (Head head :
        List.of(
            Heads.identity(1, "ant", " "),
            Heads.identity(1, "ant", "ant"),
            new Head(Heads.card(1, Heads.BACKBONE, 0), List.of()))) {
      assertThatThrownBy(() -> HeadFile.read(Heads.file(head)))
          .isInstanceOf(HeadRefusedException.class)
          .hasMessageContaining("the head has a card that has");
    }
  }

  private static String why(String what) {
    try {
      HeadFile.read(Optional.ofNullable(BadCards.bad().get(what)).orElseThrow());
      return "nothing";
    } catch (HeadRefusedException e) {
      return e.why();
    }
  }

  /** The last name in a path. */
  private static String name(String what) {
    String path = what.substring(0, what.indexOf(' '));
    return path.replaceAll("(\\.[0-9]+)+$", "").replaceAll(".*\\.", "");
  }
}
