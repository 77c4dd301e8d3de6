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
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the users file: YAML that people may edit. Passwords are Argon2id hashes, tokens
 * SHA-256 hashes of random 256 bits; the secret signs sessions, so that they outlive a restart and
 * count on every instance that has the file.
 *
 * @param secret 256 random bits in base64
 * @param users by name
 * @param tokens of programs, by name
 */
record UsersFile(String secret, Map<String, UserEntry> users, Map<String, TokenEntry> tokens) {

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
    users.forEach((name, entry) -> requireRole(name, entry.role()));
    tokens.forEach((name, entry) -> requireRole(name, entry.role()));
  }

  /** A person: the role, and the Argon2id hash of the password. */
  record UserEntry(String role, String password) {}

  /** A program: the role, and the SHA-256 of its token in hex. */
  record TokenEntry(String role, String sha256) {}

  /**
   * Reads a users file.
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

  /** Returns a copy with a user added, or with their password and role replaced. */
  UsersFile withUser(String name, UserEntry entry) {
    requireName(name);
    Map<String, UserEntry> more = new TreeMap<>(users);
    more.put(name, entry);
    return new UsersFile(secret, more, tokens);
  }

  /** Returns a copy with a program's token added or replaced. */
  UsersFile withToken(String name, TokenEntry entry) {
    requireName(name);
    Map<String, TokenEntry> more = new TreeMap<>(tokens);
    more.put(name, entry);
    return new UsersFile(secret, users, more);
  }

  /** Writes the file atomically, readable by its owner alone. */
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
    if (role == null || UserRole.parse(role).isEmpty()) {
      throw new IllegalArgumentException(
          "%s has the role %s: it must be labeller, reviewer or admin".formatted(name, role));
    }
  }

  private static AfinaException wrong(Path file, String why, @Nullable Exception cause) {
    return new AfinaException(
        ExitCode.CONFIGURATION, "the users file %s is wrong: %s".formatted(file, why), cause);
  }
}
