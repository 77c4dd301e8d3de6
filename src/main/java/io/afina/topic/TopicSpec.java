package io.afina.topic;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One topic as its file in {@code topics/} describes it.
 *
 * @param name of the topic
 * @param why it exists
 * @param partitions when it is made, unless the command line asks for another number
 * @param sizing what the number of partitions has to do with that of other topics
 * @param replication copies of each partition, or null for the cluster's default
 * @param key of its records
 * @param value each form that a record's value may have
 * @param headers that its records may have
 * @param producers the roles that write it
 * @param consumers the roles that read it
 * @param configuration Kafka's topic settings that differ from its defaults
 */
public record TopicSpec(
    String name,
    String why,
    int partitions,
    Sizing sizing,
    @Nullable Short replication,
    Form key,
    List<Form> value,
    List<Header> headers,
    List<Role> producers,
    List<Role> consumers,
    Map<String, String> configuration) {

  public TopicSpec {
    if (name == null || sizing == null || key == null || value == null || partitions < 1) {
      throw new IllegalArgumentException(
          "topic %s needs a name, a sizing, a key, a value and one partition or more"
              .formatted(name));
    }
    value = List.copyOf(value);
    headers = headers == null ? List.of() : List.copyOf(headers);
    producers = List.copyOf(producers);
    consumers = List.copyOf(consumers);
    configuration =
        configuration == null ? Map.of() : Map.copyOf(new TreeMap<String, String>(configuration));
  }

  /** The same topic, as it is called on the cluster. */
  TopicSpec prefixed(String prefix) {
    return new TopicSpec(
        prefix + name,
        why,
        partitions,
        sizing,
        replication,
        key,
        value,
        headers,
        producers,
        consumers,
        configuration);
  }

  /** The relation of the number of partitions to that of other topics. */
  public enum Sizing {
    /** As many as every other topic of this kind, for ever: their records meet by partition. */
    COPARTITIONED,
    /**
     * As many as the co-partitioned topics when it is made, and never others: where records of a
     * key replace each other, they must stay in one partition.
     */
    KEYED,
    /** As many as the co-partitioned topics, and free to grow after them. */
    SPREAD,
    /** As many as the file says. */
    FIXED
  }

  /** The roles that write or read; {@code topics/acls.yaml} says what each may do. */
  public enum Role {
    /** Sends pictures and takes predictions. */
    UPSTREAM,
    CLASSIFIER,
    TRAINER,
    /** Says what an image is. */
    LABELLER,
    /** The server of the labelling page. */
    LABELLING,
    /** A labelling page whose reviewers may move aliases. */
    REVIEWER,
    /** Takes labelled pictures out and brings them in. */
    CURATOR,
    /** Erases images. */
    ERASER,
    /** People who run Afina. */
    OPERATOR
  }

  /**
   * How keys or values are written.
   *
   * @param form such as utf-8, json, safetensors or bytes
   * @param what it means
   * @param schema the file in {@code topics/schemas/} that JSON follows
   */
  public record Form(String form, String what, @Nullable String schema) {}

  /** A header that a record may have, and what it means. */
  public record Header(String name, String what) {}
}
