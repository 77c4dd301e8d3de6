package io.afina.labelling.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.AfinaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersTest {

  @TempDir Path folder;
  private Path file;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void addMia() throws Exception {
    file = folder.resolve("users.yaml");
    Users.add(file, "mia", UserRole.LABELLER, "correct horse");
  }

  @Test
  void shouldKeepPasswordsAndTokensAsHashesOnlyAndForTheOwnerAlone() throws Exception {
    // when
    String token = Users.addToken(file, "program", UserRole.ADMIN);

    // then
    String text = Files.readString(file);
    assertThat(text).contains("$argon2id$").doesNotContain("correct horse").doesNotContain(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Users.open(file).token(token)).map(User::role).hasValue(UserRole.ADMIN);
    assertThat(Users.open(file).token(token + "x")).isEmpty();
  }

  @Test
  void shouldLetInOnlyWithTheRightPassword() {
    Users users = Users.open(file);
    assertThat(users.login("mia", "correct horse")).map(User::name).hasValue("mia");
    assertThat(users.login("mia", "wrong")).isEmpty();
    assertThat(users.login("nobody", "correct horse")).isEmpty();
  }

  @Test
  void shouldMakeUpAPasswordOnceAndLeaveAUserWhoIsThere() throws Exception {
    // when
    String made = Users.addOnce(file, "admin", UserRole.ADMIN).orElseThrow();

    // then
    assertThat(Users.addOnce(file, "admin", UserRole.ADMIN)).isEmpty();
    assertThat(Users.addOnce(file, "mia", UserRole.ADMIN)).isEmpty();
    assertThat(Users.open(file).login("admin", made)).map(User::role).hasValue(UserRole.ADMIN);
    assertThat(Users.open(file).role("mia")).hasValue(UserRole.LABELLER);
  }

  @Test
  void shouldReadTheFileAgainWhenItChangesAndKeepTheUsersWhenItIsWrong() throws Exception {
    // given
    Users users = Users.open(file);

    // when
    Users.add(file, "ben", UserRole.REVIEWER, "another horse");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

    // then
    assertThat(users.role("ben")).hasValue(UserRole.REVIEWER);

    // when
    Files.writeString(file, "users: nonsense");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));

    // then
    assertThat(users.role("ben")).hasValue(UserRole.REVIEWER);
  }

  @Test
  void shouldRefuseAWrongFileOrName() throws Exception {
    assertThatThrownBy(() -> Users.add(file, "a b", UserRole.ADMIN, "correct horse"))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("a b");
    Files.writeString(file, "secret: x\nusers: {mia: {role: king, password: x}}");
    assertThatThrownBy(() -> Users.open(file))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("king");
  }

  @Test
  void shouldKnowASessionUntilItsEndAndNotIfAnythingInItIsChanged() throws Exception {
    // given
    Users users = Users.open(file);
    Sessions sessions = new Sessions(users, Duration.ofHours(1), () -> now);
    String cookie = sessions.begin(users.login("mia", "correct horse").orElseThrow());
    Sessions elsewhere = new Sessions(Users.open(file), Duration.ofHours(1), () -> now);

    // then
    assertThat(elsewhere.find(cookie)).map(s -> s.user().name()).hasValue("mia");
    for (int i = 0; i < cookie.length(); i++) {
      String forged = cookie.substring(0, i) + "_." + cookie.substring(i + 1);
      assertThat(sessions.find(forged)).as(forged).isEmpty();
    }
    assertThat(sessions.find("")).isEmpty();

    // when
    now = now.plus(Duration.ofHours(1));

    // then
    assertThat(sessions.find(cookie)).isEmpty();
  }

  @Test
  void shouldEndTheSessionsOfAPasswordThatWasChanged() throws Exception {
    // given
    Users users = Users.open(file);
    Sessions sessions = new Sessions(users, Duration.ofHours(1), () -> now);
    String cookie = sessions.begin(users.login("mia", "correct horse").orElseThrow());

    // when
    Users.add(file, "mia", UserRole.LABELLER, "another horse");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));

    // then
    assertThat(sessions.find(cookie)).isEmpty();
  }

  @Test
  void shouldLetSoManyThroughASecondAndTwiceAsManyAtOnce() {
    // given
    long[] nanos = {0};
    RateLimit limit = new RateLimit(2, 4, () -> nanos[0]);

    // then
    for (int i = 0; i < 4; i++) {
      assertThat(limit.take("mia")).isZero();
    }
    assertThat(limit.take("mia")).isEqualTo(1);
    assertThat(limit.take("ben")).isZero();
    nanos[0] = 500_000_000;
    assertThat(limit.take("mia")).isZero();
    assertThat(limit.take("mia")).isEqualTo(1);
  }
}
