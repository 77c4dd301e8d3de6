package io.afina.config;

import org.jspecify.annotations.Nullable;

/** A configuration value is wrong; the message names the key, the value and what would be right. */
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
}
