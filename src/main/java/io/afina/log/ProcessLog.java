package io.afina.log;

import ch.qos.logback.classic.LoggerContext;
import io.afina.lifecycle.AfinaVersion;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines with which every process begins and is ready, and its name in each line of JSON. */
public final class ProcessLog {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessLog.class);
  private static final double MILLIS = 1000;

  private ProcessLog() {}

  /**
   * Writes the first line.
   *
   * @param role such as {@code classify}
   * @param instance its name among those of its role; null for process number and host
   * @param what it works with, such as the addresses of brokers and the group
   */
  public static void begin(String role, @Nullable String instance, Map<String, ?> what) {
    String name = instance == null ? ManagementFactory.getRuntimeMXBean().getName() : instance;
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.putProperty(JsonLines.ROLE, role);
      context.putProperty(JsonLines.INSTANCE, name);
    }
    var line =
        LOG.atInfo()
            .addKeyValue("version", AfinaVersion.number())
            .addKeyValue("java", System.getProperty("java.version"))
            .addKeyValue("role", role)
            .addKeyValue("instance", name);
    for (Map.Entry<String, ?> each : what.entrySet()) {
      line = line.addKeyValue(each.getKey(), each.getValue());
    }
    line.log("starts");
  }

  /**
   * Writes that it can do its work now, and after how many seconds.
   *
   * @param announcement what it says of that to a person, on the output stream; a log for programs
   *     has it as a field, for nothing else may then be printed
   */
  public static void ready(String announcement) {
    double seconds = ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS;
    if (JsonLines.isUsed()) {
      LOG.atInfo()
          .addKeyValue("seconds", seconds)
          .addKeyValue("announcement", announcement)
          .log("ready");
    } else {
      System.out.println(announcement);
      LOG.atInfo().addKeyValue("seconds", seconds).log("ready");
    }
  }
}
