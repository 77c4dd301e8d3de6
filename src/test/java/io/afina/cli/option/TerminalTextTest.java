package io.afina.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTextTest {

  @Test
  void shouldLeaveTextInAnyWritingAsItIs() {
    String text = "Käfer 甲虫 🐞 %s @|red x|@";
    assertThat(TerminalText.bytes(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
  }

  @Test
  void shouldNotLetTextSteerTheTerminal() {
    assertThat(TerminalText.text("a\u001b[2J\nb\u202ec\u2028d"))
        .isEqualTo("a\ufffd[2J\ufffdb\ufffdc\ufffdd");
  }

  @Test
  void shouldShowBytesThatAreNoTextInHex() {
    assertThat(TerminalText.bytes(new byte[] {(byte) 0xff, 0x0a})).isEqualTo("0xff0a");
    assertThat(TerminalText.bytes(null)).isEqualTo("-");
  }

  @Test
  void shouldCutOnlyWhatIsTooLong() {
    assertThat(TerminalText.cut("12345", 5)).isEqualTo("12345");
    assertThat(TerminalText.cut("123456", 5)).isEqualTo("1234…");
  }
}
