package io.afina.cli.option;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Prints to a terminal, and makes texts of others harmless to it: they must not steer it. */
public final class TerminalText {

  private static final int REPLACEMENT = '\ufffd';

  private TerminalText() {}

  /** Prints lines as they are. */
  public static void print(CommandSpec spec, Iterable<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /** Decodes bytes as text, or writes them in hex; {@code -} when there are none. */
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

  /** Replaces control characters, and invisible ones that change the direction of writing. */
  public static String text(String text) {
    return text.codePoints()
        .map(point -> isHarmless(point) ? point : REPLACEMENT)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Cuts a text that is too long. */
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
