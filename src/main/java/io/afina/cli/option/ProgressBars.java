package io.afina.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Makes progress bars with rate and time left, on the error stream where that is a terminal. */
public final class ProgressBars {

  /** On Linux. */
  private static final Path ERROR_STREAM = Path.of("/proc/self/fd/2");

  private ProgressBars() {}

  public static ProgressBar bar(String name, long size) {
    ProgressBarBuilder builder = new ProgressBarBuilder();
    if (!isTerminal()) {
      builder.setConsumer(new DelegatingProgressBarConsumer(text -> {}));
    }
    return builder
        .setTaskName(name)
        .setInitialMax(size)
        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setUnit(" pictures", 1)
        .showSpeed()
        .build();
  }

  /**
   * Whether the error stream is a terminal. Java knows only of the other two streams, and from 22
   * on says nothing by null; that is for systems that are not Linux.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    try {
      String where = Files.readSymbolicLink(ERROR_STREAM).toString();
      return where.startsWith("/dev/pts/") || where.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }
}
