package io.afina.cli.service;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import io.afina.lifecycle.ThreadWatch;
import io.afina.log.ProcessLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** Runs services until the process is stopped or one of them ends. */
public final class Foreground {

  private Foreground() {}

  /**
   * Services that were started.
   *
   * @param ready completes when they can do their work
   * @param announcement what is said then
   * @param ended completes when one of them ended
   */
  public record Running(
      CompletableFuture<?> ready, String announcement, CompletableFuture<?> ended) {

    /** Services that are ready once they are started. */
    public static Running ready(String announcement, CompletableFuture<?> ended) {
      return new Running(CompletableFuture.completedFuture(null), announcement, ended);
    }
  }

  /**
   * Starts services, says when they are ready, waits for one of them, or a thread of theirs, to
   * end, then closes them all; SIGTERM and Ctrl-C close them too, also while they start.
   *
   * @param start gives every service to the closer as soon as it is there
   * @throws AfinaException when a service failed
   */
  public static void run(Function<Closer, Running> start) {
    Closer services = Closer.untilTheProcessEnds();
    try (ThreadWatch threads = new ThreadWatch()) {
      Running running = start.apply(services);
      CompletableFuture<?> ended = CompletableFuture.anyOf(running.ended(), threads.failed());
      CompletableFuture.anyOf(running.ready(), ended).join();
      ProcessLog.ready(running.announcement());
      ended.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof AfinaException known
          ? known
          : new AfinaException(
              ExitCode.FAILURE,
              "a service failed: %s; the log says more".formatted(e.getCause()),
              e);
    } finally {
      services.close();
    }
  }
}
