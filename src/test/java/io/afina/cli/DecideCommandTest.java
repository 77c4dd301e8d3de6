package io.afina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.decide.AcceptanceFactory;
import io.afina.decide.JudgedAnswer;
import io.afina.lifecycle.AfinaException;
import io.afina.model.HeadCard;
import io.afina.model.Heads;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecideCommandTest {

  private static final HeadCard CARD = Heads.card(3, Heads.BACKBONE, 2, "ant", "bee");

  @Test
  void shouldPrintWhatIsAcceptedAndWhatOtherPromisesWould() {
    // given of 1000 answers the 200 least sure wrong
    List<JudgedAnswer> answers =
        IntStream.range(0, 1000)
            .mapToObj(n -> new JudgedAnswer("ant", 1 - n / 1000.0, n < 800, false, n))
            .toList();
    HeadCard card = CARD.with(new AcceptanceFactory(0.95, Map.of()).acceptance(answers));

    // when
    List<String> lines = DecideCommand.lines(card);

    // then
    assertThat(lines.get(0)).startsWith("head 3 promises 95.0 %: of 1000 answers");
    assertThat(lines.get(1)).startsWith("accepts from a confidence of 0.1");
    assertThat(lines).anyMatch(line -> line.matches(" +99.0 % +0\\.[0-9]{4} +8[0-9]\\.[0-9] %"));
    assertThat(lines).anyMatch(line -> line.contains("█".repeat(40) + " 100.0 %"));
  }

  @Test
  void shouldSayWhatIsMissing() {
    HeadCard card = CARD.with(new AcceptanceFactory(0.95, Map.of()).acceptance(List.of()));

    assertThat(DecideCommand.lines(card)).contains("nothing is accepted yet");
    assertThatThrownBy(() -> DecideCommand.lines(CARD))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("decide.precision");
  }
}
