package io.afina.cli.option;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Makes progress bars with rate and time left, on the error stream. */
public final class ProgressBars {

  private ProgressBars() {}

  public static ProgressBar bar(String name, long size) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(size)
        .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
        .setUnit(" pictures", 1)
        .showSpeed()
        .build();
  }
}
