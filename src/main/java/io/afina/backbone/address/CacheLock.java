package io.afina.backbone.address;

import io.afina.backbone.address.RemoteException.Kind;
import io.afina.source.Deadline;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Has one thread of one process at a time fetch an address; a killed process holds nothing. */
final class CacheLock implements AutoCloseable {

  private static final long PAUSE_MILLIS = 100;

  private final Path part;
  private final FileChannel channel;

  private CacheLock(Path part, FileChannel channel) {
    this.part = part;
    this.channel = channel;
  }

  /**
   * Waits for its turn, until the deadline.
   *
   * @param part what only the holder may write; the lock is beside it
   */
  static CacheLock take(Path part, Deadline deadline) throws IOException, RemoteException {
    Files.createDirectories(part.getParent());
    CacheLock lock =
        new CacheLock(
            part,
            FileChannel.open(
                Path.of(part + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      while (!lock.isTaken()) {
        if (deadline.isPast()) {
          throw new RemoteException(
              Kind.PASSING, "another process did not end fetching (%s)".formatted(part));
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      return lock;
    } catch (IOException | RemoteException | RuntimeException e) {
      lock.close();
      throw e;
    } catch (InterruptedException e) {
      lock.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another process fetched a backbone", e);
    }
  }

  Path part() {
    return part;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private boolean isTaken() throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return false;
    }
  }
}
