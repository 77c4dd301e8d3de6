package io.afina.labelling.security;

import io.afina.labelling.security.User.AuthMethod;
import io.afina.labelling.security.UsersFile.TokenEntry;
import io.afina.labelling.security.UsersFile.UserEntry;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords and tokens against the users file. The file is read again when it changes; one
 * that is then wrong leaves the users as they were. Safe for any thread.
 */
public final class Users {

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);
  private static final int MOST_HASHES_AT_ONCE = 2;
  private static final int LONGEST_PASSWORD = 1000;

  /** Checked against for names that do not exist, so that time does not tell which do. */
  private static final String NOBODYS_HASH = Crypto.hashPassword(Crypto.randomToken());

  /** Argon2 takes 19 MiB a time: this bounds the memory. */
  private final Semaphore hashing = new Semaphore(MOST_HASHES_AT_ONCE);

  private final Path path;
  private UsersFile file;
  private FileTime read;

  private Users(Path path) {
    this.path = path;
    this.file = UsersFile.read(path);
    this.read = modified(path);
  }

  /**
   * Reads the users file.
   *
   * @throws AfinaException when the file is missing or wrong
   */
  public static Users open(Path path) {
    return new Users(path);
  }

  /** Adds a user to a file, or changes the user's password and role; makes the file if missing. */
  public static void add(Path path, String name, UserRole role, String password)
      throws IOException {
    if (password.length() > LONGEST_PASSWORD) {
      throw new IllegalArgumentException("a password has 1,000 characters at most");
    }
    orNew(path)
        .withUser(name, new UserEntry(role.text(), Crypto.hashPassword(password)))
        .write(path);
  }

  /**
   * Adds a user with a password that is made up, and gives it: it stands nowhere else. A user who
   * is there already stays as they are.
   */
  public static Optional<String> addOnce(Path path, String name, UserRole role) throws IOException {
    if (orNew(path).users().containsKey(name)) {
      return Optional.empty();
    }
    String password = Crypto.randomToken();
    add(path, name, role, password);
    return Optional.of(password);
  }

  /** Adds a program to a file and gives its token, which stands nowhere else. */
  public static String addToken(Path path, String name, UserRole role) throws IOException {
    String token = Crypto.randomToken();
    orNew(path).withToken(name, new TokenEntry(role.text(), Crypto.sha256(token))).write(path);
    return token;
  }

  /** Finds the user of a name and a password. */
  Optional<User> login(String name, String password) {
    UserEntry entry = current().users().get(name);
    String hash = entry == null ? NOBODYS_HASH : entry.password();
    boolean right = password.length() <= LONGEST_PASSWORD && verify(password, hash);
    return right && entry != null
        ? UserRole.parse(entry.role()).map(role -> new User(name, role, AuthMethod.SESSION))
        : Optional.empty();
  }

  /** Finds the program of a token. */
  Optional<User> token(String token) {
    String hash = Crypto.sha256(token);
    return current().tokens().entrySet().stream()
        .filter(entry -> Crypto.constantTimeEquals(entry.getValue().sha256(), hash))
        .findFirst()
        .flatMap(
            entry ->
                UserRole.parse(entry.getValue().role())
                    .map(role -> new User(entry.getKey(), role, AuthMethod.TOKEN)));
  }

  /** Returns the role of a user, if there is one of that name. */
  Optional<UserRole> role(String name) {
    return Optional.ofNullable(current().users().get(name)).flatMap(l -> UserRole.parse(l.role()));
  }

  /** Returns the key that signs the sessions of a user: it changes with the password. */
  Optional<String> key(String name) {
    UsersFile now = current();
    return Optional.ofNullable(now.users().get(name))
        .map(login -> Crypto.hmac(now.secret(), login.password()));
  }

  /** Returns the key that signs whatever belongs to no single user of the file. */
  String secret() {
    return current().secret();
  }

  private boolean verify(String password, String hash) {
    hashing.acquireUninterruptibly();
    try {
      return Crypto.verifyPassword(password, hash);
    } finally {
      hashing.release();
    }
  }

  private synchronized UsersFile current() {
    FileTime now = modified(path);
    if (!now.equals(read)) {
      read = now;
      try {
        file = UsersFile.read(path);
        LOG.atInfo()
            .addKeyValue("file", path)
            .addKeyValue("users", file.users().size())
            .log("users read");
      } catch (AfinaException e) {
        LOG.atWarn().addKeyValue("why", e.getMessage()).log("users stay as they were");
      }
    }
    return file;
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static UsersFile orNew(Path path) {
    return Files.exists(path)
        ? UsersFile.read(path)
        : new UsersFile(Crypto.randomToken(), new HashMap<>(), new HashMap<>());
  }
}
