package io.afina.labelling.security;

import io.afina.labelling.security.UsersFile.Login;
import io.afina.labelling.security.UsersFile.Token;
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
 * Who there is. The file is read again when it changes; one that is then wrong leaves the users as
 * they were. Safe for any thread.
 */
public final class Users {

  private static final Logger LOG = LoggerFactory.getLogger(Users.class);
  private static final int MOST_HASHES_AT_ONCE = 2;
  private static final int LONGEST_PASSWORD = 1000;

  /** Checked against for names that do not exist, so that time does not tell which do. */
  private static final String NOBODY = Credentials.hash(Credentials.random());

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
   * Reads them.
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
    orNew(path).withUser(name, new Login(role.text(), Credentials.hash(password))).write(path);
  }

  /**
   * Adds a user with a password that is made up, and gives it: it stands nowhere else. A user who
   * is there already stays as they are.
   */
  public static Optional<String> addOnce(Path path, String name, UserRole role) throws IOException {
    if (orNew(path).users().containsKey(name)) {
      return Optional.empty();
    }
    String password = Credentials.random();
    add(path, name, role, password);
    return Optional.of(password);
  }

  /** Adds a program to a file and gives its token, which stands nowhere else. */
  public static String addToken(Path path, String name, UserRole role) throws IOException {
    String token = Credentials.random();
    orNew(path).withToken(name, new Token(role.text(), Credentials.sha256(token))).write(path);
    return token;
  }

  /** The user whose password this is. */
  Optional<User> login(String name, String password) {
    Login login = current().users().get(name);
    String hash = login == null ? NOBODY : login.password();
    boolean right = password.length() <= LONGEST_PASSWORD && fits(password, hash);
    return right && login != null
        ? UserRole.parse(login.role()).map(role -> new User(name, role, User.Proof.SESSION))
        : Optional.empty();
  }

  /** The program whose token this is. */
  Optional<User> token(String token) {
    String hash = Credentials.sha256(token);
    return current().tokens().entrySet().stream()
        .filter(entry -> Credentials.same(entry.getValue().sha256(), hash))
        .findFirst()
        .flatMap(
            entry ->
                UserRole.parse(entry.getValue().role())
                    .map(role -> new User(entry.getKey(), role, User.Proof.TOKEN)));
  }

  /** The role of a user, if there is one of that name. */
  Optional<UserRole> role(String name) {
    return Optional.ofNullable(current().users().get(name)).flatMap(l -> UserRole.parse(l.role()));
  }

  /** What signs the sessions of a user: another once the password is another. */
  Optional<String> key(String name) {
    UsersFile now = current();
    return Optional.ofNullable(now.users().get(name))
        .map(login -> Credentials.sign(now.secret(), login.password()));
  }

  /** What signs whatever belongs to no user of the file. */
  String secret() {
    return current().secret();
  }

  private boolean fits(String password, String hash) {
    hashing.acquireUninterruptibly();
    try {
      return Credentials.fits(password, hash);
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
        : new UsersFile(Credentials.random(), new HashMap<>(), new HashMap<>());
  }
}
