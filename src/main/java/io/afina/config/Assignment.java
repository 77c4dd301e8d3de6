package io.afina.config;

import io.afina.label.name.LabelName;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which pictures one labeller is asked about: {@code mia: bee, wasp} those that are predicted to be
 * one of these, {@code ben: 20%} a fifth of all.
 *
 * @param labels by their keys ({@link LabelName#key})
 * @param share 0 to 1
 */
public record Assignment(String labeller, Set<String> labels, double share) {

  private static final String KEY = "labelling.assignments";
  private static final Pattern FORM = Pattern.compile("\\s*([^:]+?)\\s*:\\s*(.+?)\\s*");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*%");
  private static final double ALL = 100;

  /**
   * Reads one.
   *
   * @throws InvalidConfigException when it is none
   */
  static Assignment parse(String text) {
    Matcher form = FORM.matcher(text);
    InvalidConfigException.require(form.matches(), KEY, text, "NAME: LABEL, LABEL or NAME: 20%");
    Matcher share = SHARE.matcher(form.group(2));
    if (!share.matches()) {
      Set<String> labels =
          Arrays.stream(form.group(2).split(",", -1))
              .map(LabelName::key)
              .collect(Collectors.toUnmodifiableSet());
      return new Assignment(form.group(1), labels, 0);
    }
    double percent = Double.parseDouble(share.group(1));
    InvalidConfigException.require(percent <= ALL, KEY, text, "100% at most");
    return new Assignment(form.group(1), Set.of(), percent / ALL);
  }
}
