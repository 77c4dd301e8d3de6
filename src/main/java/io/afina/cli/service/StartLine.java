package io.afina.cli.service;

import io.afina.backbone.BackboneResolver;
import io.afina.config.AfinaConfig;
import io.afina.log.ProcessLog;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the first line of a process: what it is, and what it works with. */
final class StartLine {

  private StartLine() {}

  /** Of a process that classifies, and perhaps does more. */
  static void classifier(String role, AfinaConfig config) {
    Map<String, Object> what = cluster(config, config.classifier().applicationId());
    what.put("backbone", BackboneResolver.name(config.backbone().address()));
    ProcessLog.begin(role, config.classifier().instanceId(), what);
  }

  /** Of a process that does not. */
  static void other(String role, AfinaConfig config, String group) {
    ProcessLog.begin(role, null, cluster(config, group));
  }

  private static Map<String, Object> cluster(AfinaConfig config, String group) {
    Map<String, Object> what = new LinkedHashMap<>();
    what.put("bootstrap", config.kafka().getOrDefault("bootstrap.servers", ""));
    what.put("group", group);
    return what;
  }
}
