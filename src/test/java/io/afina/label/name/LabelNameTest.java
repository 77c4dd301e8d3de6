package io.afina.label.name;

import static java.lang.Character.isLowerCase;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelNameTest {

  private static final String COMPOSED = "Abejorr\u00f3n";
  private static final String DECOMPOSED = "abejorro\u0301n";

  @Test
  void shouldTakeSpellingsForOneThatDifferInCompositionCaseAndWhatNobodySees() {
    assertThat(LabelName.same(COMPOSED, DECOMPOSED)).isTrue();
    assertThat(LabelName.same("bee", "\u00a0\u200bBEE\u2003\ufeff")).isTrue();
    assertThat(LabelName.same("honey bee", "Honey\u00a0 \u200dbee")).isTrue();
    assertThat(LabelName.same("gro\u00df", "GROSS")).isTrue();
    assertThat(LabelName.same("GRO\u1e9e", "gross")).isTrue();
    assertThat(LabelName.same("bee", "beer")).isFalse();
    assertThat(LabelName.same("a", "\u00e4")).isFalse();
  }

  @Test
  void shouldGiveEveryLetterThatHasACaseAKeyThatIsItsOwnKey() {
    List<String> unstable =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(c -> Character.isUpperCase(c) || Character.isTitleCase(c) || isLowerCase(c))
            .mapToObj(Character::toString)
            .flatMap(c -> Stream.of(c, "a" + c, c + "a", "a" + c + "\u0301", c + "\u0345\u0301"))
            .filter(name -> !LabelName.key(LabelName.key(name)).equals(LabelName.key(name)))
            .toList();

    assertThat(unstable).isEmpty();
  }

  @Test
  void shouldKeepCaseAndWhatIsWithinWhereItSpellsAName() {
    assertThat(LabelName.spelling("\u2003Honey  Bee\u200b")).isEqualTo("Honey  Bee");
    assertThat(LabelName.spelling("Abejorro\u0301n")).isEqualTo(COMPOSED);
    assertThat(LabelName.spelling(" \u200b\t")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0009, U+0009", "2028, U+2028", "202E, U+202E", "0000, U+0000"})
  void shouldNameTheControlCharacterThatALabelMayNotHave(String hex, String named) {
    String label = "a" + (char) Integer.parseInt(hex, 16) + "b";

    assertThat(LabelName.fault(label)).hasValueSatisfying(why -> assertThat(why).contains(named));
    assertThat(LabelName.fault("a b \u00e9")).isEmpty();
  }

  @Property
  void shouldGiveAKeyThatIsItsOwnKey(@ForAll String name) {
    String key = LabelName.key(name);

    assertThat(LabelName.key(key)).isEqualTo(key);
    assertThat(LabelName.key(LabelName.spelling(name))).isEqualTo(key);
  }
}
