package io.afina.labelling.security;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The users file: YAML that people may edit. Passwords are Argon2id hashes, tokens SHA-256 hashes
 * of random 256 bits; the secret signs sessions, so that they outlive a restart and count on every
 * instance that has the file.
 *
 * @param secret 256 random bits in base64
 * @param users by name
 * @param tokens of programs, by name
 */
record UsersFile(String secret, Map<String, Login> users, Map<String, Token> tokens) {

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .build();

  UsersFile {
    users = users == null ? Map.of() : new TreeMap<>(users);
    tokens = tokens == null ? Map.of() : new TreeMap<>(tokens);
    if (secret == null || secret.isBlank()) {
      throw new IllegalArgumentException("it has no secret");
    }
    users.forEach((name, login) -> requireRole(name, login.role()));
    tokens.forEach((name, token) -> requireRole(name, token.role()));
  }

  /** A person: the role, and the Argon2id hash of the password. */
  record Login(String role, String password) {}

  /** A program: the role, and the SHA-256 of its token in hex. */
  record Token(String role, String sha256) {}

  /**
   * Reads one.
   *
   * @throws AfinaException when it is missing or wrong
   */
  static UsersFile read(Path file) {
    try {
      UsersFile read = YAML.readValue(file.toFile(), UsersFile.class);
      if (read == null) {
        throw wrong(file, "it is empty", null);
      }
      return read;
    } catch (JacksonException e) {
      throw wrong(file, e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.CONFIGURATION,
          "cannot read the users file %s: make one with afina label --users %s --add-user NAME"
              .formatted(file, file),
          e);
    }
  }

  /** The same with one more user, or with another password or role of one. */
  UsersFile withUser(String name, Login login) {
    requireName(name);
    Map<String, Login> more = new TreeMap<>(users);
    more.put(name, login);
    return new UsersFile(secret, more, tokens);
  }

  /** The same with one more token, or with another of one program. */
  UsersFile withToken(String name, Token token) {
    requireName(name);
    Map<String, Token> more = new TreeMap<>(tokens);
    more.put(name, token);
    return new UsersFile(secret, users, more);
  }

  /** Writes it at once or not at all, for its owner alone. */
  void write(Path file) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createFile(fresh, ownerOnly(fresh));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(fresh + " is in the way: another is writing, or was interrupted", e);
    }
    Files.write(fresh, YAML.writeValueAsBytes(this));
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new AfinaException(
          ExitCode.USAGE,
          "'%s' is no name of a user: letters, digits and ._@+- up to 64, a letter or digit first"
              .formatted(name));
    }
  }

  private static void requireRole(String name, String role) {
    if (role == null || UserRole.parse(role.toLowerCase(Locale.ROOT)).isEmpty()) {
      throw new IllegalArgumentException(
          "%s has the role %s: it must be labeller, reviewer or admin".formatted(name, role));
    }
  }

  private static AfinaException wrong(Path file, String why, @Nullable Exception cause) {
    String sentence = "the users file %s is wrong: %s".formatted(file, why);
    return cause == null
        ? new AfinaException(ExitCode.CONFIGURATION, sentence)
        : new AfinaException(ExitCode.CONFIGURATION, sentence, cause);
  }
}
