package io.afina.cli.option;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What others wrote, made fit for a terminal: it must not be able to steer one. */
public final class TerminalText {

  private static final int REPLACEMENT = '\ufffd';

  private TerminalText() {}

  /** As text if it is some, else in hex; {@code -} when there is nothing. */
  public static String bytes(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "-";
    }
    try {
      return text(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return "0x" + HexFormat.of().formatHex(bytes);
    }
  }

  /** Without control characters and the invisible ones that turn the writing round. */
  public static String text(String text) {
    return text.codePoints()
        .map(point -> isHarmless(point) ? point : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** The beginning of a text that is too long. */
  public static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static boolean isHarmless(int point) {
    int type = Character.getType(point);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE;
  }
}
