package io.afina.picture.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The formats that are met where pictures are expected and that Afina does not read, known by their
 * first bytes, so that a producer is told what was sent and what to do.
 */
public enum OtherFormat {
  HEIC("a HEIC picture", Advice.PHONE, "....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
  AVIF("an AVIF picture", Advice.CONVERT, "....ftypavi[fs]"),
  JPEG_XL("a JPEG XL picture", Advice.CONVERT, "(\u00ff\n|\0\0\0\fJXL \r\n\u0087\n)"),
  BIG_TIFF("a BigTIFF", "save it as a TIFF of less than 4 GB", "(II\\+\0|MM\0\\+)"),
  ICO("an icon (ICO or CUR)", Advice.CONVERT, "\0\0[\1\2]\0[^\0]\0"),
  PSD("a Photoshop document (PSD)", Advice.CONVERT, "8BPS"),
  SVG(
      "an SVG drawing",
      "render it to PNG",
      "(\u00ef\u00bb\u00bf)?\\s*(<\\?xml[^>]*>.*)?<svg[\\s>/]"),
  PDF("a PDF document", "render its page to JPEG or PNG", "%PDF-"),
  POSTSCRIPT("a PostScript file", "render it to PNG", "%!PS"),
  TGA("a TGA picture", Advice.CONVERT, ".\\x00\\x02\\x00{9}....[\\x18\\x20]"),
  MP4("a video (MP4 or MOV)", Advice.FRAME, "....(ftyp|moov|mdat|wide)"),
  WEBM("a video (WebM or Matroska)", Advice.FRAME, "\u001aE\u00df\u00a3"),
  AVI("a video (AVI)", Advice.FRAME, "RIFF....AVI ");

  /** As far as an SVG may begin behind a declaration and comments. */
  private static final int LONGEST_HEAD = 1024;

  private final String name;
  private final String advice;
  private final Pattern magic;

  OtherFormat(String name, String advice, String magic) {
    this.name = name;
    this.advice = advice;
    this.magic = Pattern.compile(magic, Pattern.DOTALL);
  }

  /** Recognises one of them; empty for what is none. */
  public static Optional<OtherFormat> of(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, LONGEST_HEAD), ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.magic.matcher(head).lookingAt())
        .findFirst();
  }

  /** What it is and what to do, such as "a HEIC picture, ...: convert it to JPEG". */
  public String explanation() {
    return "the bytes are %s, which Afina does not read: %s".formatted(name, advice);
  }

  /** What to do about several of them. */
  private static final class Advice {

    private static final String CONVERT = "convert it to JPEG or PNG";
    private static final String PHONE =
        "convert it to JPEG, or set the phone's camera to its most compatible format";
    private static final String FRAME = "send a frame of it as JPEG";

    private Advice() {}
  }
}
