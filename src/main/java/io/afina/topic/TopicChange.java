package io.afina.topic;

/** A difference between the cluster and {@code topics/}, and what would be done about it. */
public sealed interface TopicChange {

  /** The topic that differs. */
  String topic();

  /** The topic is missing. */
  record Create(TopicSpec spec, int partitions) implements TopicChange {
    @Override
    public String topic() {
      return spec.name();
    }
  }

  /** The topic has too few partitions. */
  record GrowPartitions(String topic, int from, int to) implements TopicChange {}

  /** A setting has another value. */
  record AlterConfig(String topic, String key, String from, String to) implements TopicChange {}

  /** The topic is to go, because somebody named it. */
  record Delete(String topic) implements TopicChange {}

  /** The difference stays, for the reason. */
  record Refused(String topic, String reason) implements TopicChange {}
}
