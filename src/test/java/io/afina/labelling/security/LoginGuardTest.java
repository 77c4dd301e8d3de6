package io.afina.labelling.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.http.Problem;
import io.afina.metrics.LabellingMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoginGuardTest {

  private static final int PER_MINUTE = 10;
  private static final String HERE = "192.0.2.1";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long nanos;
  private final LoginGuard guard =
      new LoginGuard(PER_MINUTE, new LabellingMeters(registry), () -> nanos);

  @Test
  void shouldRefuseAnAddressThatTriesManyNames() {
    // given
    for (int i = 0; i < PER_MINUTE; i++) {
      attempt(HERE, "user-" + i);
    }

    // then
    assertThatThrownBy(() -> attempt(HERE, "another"))
        .isInstanceOf(Problem.class)
        .hasMessageContaining("from your address");
    assertThat(logins("wrong")).isEqualTo(PER_MINUTE);
    assertThat(logins("refused")).isEqualTo(1);
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(guard.begin(HERE, "another")).isZero();
  }

  @Test
  void shouldLetAnOfficeInBehindOneAddress() {
    for (int i = 0; i < 10 * PER_MINUTE; i++) {
      assertThat(guard.begin(HERE, "user-" + i)).isZero();
      guard.right(HERE, "user-" + i);
    }
    assertThat(logins("right")).isEqualTo(10 * PER_MINUTE);
  }

  @Test
  void shouldDelayANameAndNeverLockIt() {
    // given
    for (int i = 0; i < 1000; i++) {
      attempt("2001:db8::" + i, i % 2 == 0 ? "mia" : "MIA");
    }

    // when
    Duration delay = guard.begin(HERE, "mia");

    // then
    assertThat(delay).isEqualTo(Duration.ofSeconds(5));
    assertThat(guard.begin(HERE, "ben")).isZero();
    guard.right(HERE, "mia");
    assertThat(guard.begin(HERE, "mia")).isZero();
  }

  @Test
  void shouldForgetThoseWhoMistypeAndGrowTheDelayForTheOthers() {
    attempt(HERE, "mia");
    attempt(HERE, "mia");
    assertThat(attempt(HERE, "mia")).isZero();
    assertThat(attempt(HERE, "mia")).isEqualTo(Duration.ofMillis(250));
    assertThat(attempt(HERE, "mia")).isEqualTo(Duration.ofMillis(500));
    nanos += Duration.ofMinutes(16).toNanos();
    assertThat(attempt(HERE, "mia")).isZero();
    assertThat(guard.begin(HERE, "mia")).isZero();
  }

  private Duration attempt(String address, String name) {
    Duration delay = guard.begin(address, name);
    guard.wrong(address, name, true);
    return delay;
  }

  private double logins(String outcome) {
    return registry.get("afina.logins").tag("outcome", outcome).counter().count();
  }
}
