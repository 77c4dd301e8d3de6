package io.afina.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScriptTest {

  @Test
  void shouldStrikeTheSameFromTheSameSeed() {
    assertThat(strikes(3, 40)).isEqualTo(strikes(3, 40)).isNotEqualTo(strikes(4, 40));
  }

  @Test
  void shouldStrikeWithEveryFaultInARound() {
    List<Fault> round = strikes(3, Fault.all().size()).stream().map(Strike::fault).toList();
    assertThat(round).containsExactlyInAnyOrderElementsOf(Fault.all());
  }

  private static List<Strike> strikes(long seed, int count) {
    Script script = new Script(seed, Fault.all());
    return Stream.generate(script::next).limit(count).toList();
  }
}
