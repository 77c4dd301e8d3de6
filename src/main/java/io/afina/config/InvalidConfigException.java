package io.afina.config;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A configuration value is wrong: the message names the key, the value and what is allowed. */
public final class InvalidConfigException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidConfigException(String message) {
    super(message);
  }

  public InvalidConfigException(String message, Throwable cause) {
    super(message, cause);
  }

  static void require(boolean right, String key, @Nullable Object value, String wanted) {
    if (!right) {
      throw new InvalidConfigException("%s is %s: it must be %s".formatted(key, value, wanted));
    }
  }

  static void requireAtLeast(String key, long value, long least) {
    require(value >= least, key, value, String.format(Locale.ROOT, "%,d or more", least));
  }

  static void requireBetween(String key, long value, long least, long most) {
    require(
        value >= least && value <= most,
        key,
        value,
        String.format(Locale.ROOT, "between %,d and %,d", least, most));
  }

  static void requireShare(String key, double value) {
    require(value >= 0 && value <= 1, key, value, "between 0 and 1");
  }

  static void requireDevice(String key, String value) {
    require(
        value.matches("auto|cpu|gpu:\\d{1,3}"),
        key,
        value,
        "auto, cpu or a GPU by its number, such as gpu:0");
  }

  static void requirePositive(String key, Duration value) {
    require(
        !value.isNegative() && !value.isZero(),
        key,
        value,
        "longer than nothing, such as 100ms, 5s, 12h or 7d");
  }
}
