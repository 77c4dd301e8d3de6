package io.afina.cli;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.ExitCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Services that run until somebody stops the process or one of them ends. */
final class Foreground {

  private Foreground() {}

  /**
   * Says when the services are ready, waits for one of them to end, then closes them all; SIGTERM
   * and Ctrl-C close them too.
   *
   * @throws AfinaException when a service failed
   */
  static int run(
      Closer services,
      CompletableFuture<?> ready,
      String announcement,
      CompletableFuture<?> ended) {
    Thread hook = new Thread(services::close, "afina-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      CompletableFuture.anyOf(ready, ended).join();
      System.out.println(announcement);
      ended.join();
      return ExitCode.OK.code();
    } catch (CompletionException e) {
      throw new AfinaException(
          ExitCode.FAILURE, "a service failed: %s; the log says more".formatted(e.getCause()), e);
    } finally {
      services.close();
    }
  }
}
