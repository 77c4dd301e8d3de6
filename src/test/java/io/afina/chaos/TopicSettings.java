package io.afina.chaos;

import static io.afina.DefaultTopics.TOPICS;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Changes of topics' settings under the load, none of which deletes what was just written. */
record TopicSettings(String topic, String key, String value) {

  static final List<TopicSettings> ALL =
      List.of(
          new TopicSettings(TOPICS.images().name(), "retention.ms", "86400000"),
          new TopicSettings(TOPICS.images().name(), "max.message.bytes", "200000"),
          new TopicSettings(TOPICS.images().name(), "segment.bytes", "1048576"),
          new TopicSettings(TOPICS.predictions().name(), "segment.bytes", "1048576"),
          new TopicSettings(TOPICS.predictions().name(), "compression.type", "gzip"),
          new TopicSettings(TOPICS.corrections().name(), "retention.ms", "86400000"),
          new TopicSettings(TOPICS.training().name(), "compression.type", "lz4"),
          new TopicSettings(TOPICS.deadLetters().name(), "retention.ms", "86400000"),
          new TopicSettings(TOPICS.models().name(), "flush.messages", "1"));

  /** Makes the change, and gives the one that takes it back. */
  TopicSettings apply(Admin admin) throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    String before =
        admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
    Collection<AlterConfigOp> change =
        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
    admin.incrementalAlterConfigs(Map.of(resource, change)).all().get();
    return new TopicSettings(topic, key, before);
  }
}
