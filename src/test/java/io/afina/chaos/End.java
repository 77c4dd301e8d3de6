package io.afina.chaos;

import io.afina.chaos.check.Finding;
import io.afina.lifecycle.ExitCode;
import java.util.Optional;

/**
 * A process that ended by itself.
 *
 * @param name of the member of the crew
 */
record End(String name, int exitCode) {

  /** Of all faults, only a full disk leaves a process nothing better than to end. */
  Optional<Finding> finding() {
    return exitCode == ExitCode.STATE.code()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Finding.Kind.GAVE_UP, "%s ended with exit code %d".formatted(name, exitCode)));
  }

  @Override
  public String toString() {
    return "%s, exit code %d".formatted(name, exitCode);
  }
}
