package io.afina.source;

import io.afina.event.DeadLetter.Reason;
import io.afina.source.SourceUri.Scheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files. Where a symbolic link leads must be allowed too; whoever may change folders while
 * they are read may outrun that check.
 */
record FileSource(AllowedSources allowed, BoundedBody body) implements Source {

  @Override
  public byte[] fetch(SourceUri uri, Deadline deadline) throws FetchException {
    try {
      Path file = Path.of(uri.decodedPath()).toRealPath();
      if (!isAllowed(file)) {
        throw FetchException.lasting(
            Reason.FORBIDDEN, "%s is a link out of what pictures.sources allows".formatted(uri));
      }
      if (!Files.isRegularFile(file)) {
        throw FetchException.lasting(Reason.BAD_REFERENCE, "%s is no file".formatted(uri));
      }
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return body.read(in, Files.size(file), deadline);
      }
    } catch (NoSuchFileException e) {
      throw FetchException.lasting(Reason.NOT_FOUND, "there is no %s".formatted(uri));
    } catch (InvalidPathException e) {
      throw FetchException.lasting(Reason.BAD_REFERENCE, "%s is no path".formatted(uri));
    } catch (AccessDeniedException e) {
      throw FetchException.lasting(
          Reason.UNREACHABLE, "this process may not read %s".formatted(uri));
    } catch (IOException e) {
      throw FetchException.passing(Source.why("cannot read " + uri, e), e);
    }
  }

  private boolean isAllowed(Path file) throws IOException {
    for (SourceUri prefix : allowed.of(Scheme.FILE).toList()) {
      Path folder = Path.of(prefix.decodedPath());
      if (Files.exists(folder) && file.startsWith(folder.toRealPath())) {
        return true;
      }
    }
    return false;
  }
}
