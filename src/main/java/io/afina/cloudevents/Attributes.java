package io.afina.cloudevents;

import java.util.Set;

/**
 * Names the headers of the context attributes of a CloudEvent in Kafka's binary mode, as <a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">its
 * Kafka protocol binding</a> has them.
 */
final class Attributes {

  static final String SPEC_VERSION = "ce_specversion";
  static final String ID = "ce_id";
  static final String SOURCE = "ce_source";
  static final String TYPE = "ce_type";
  static final String TIME = "ce_time";
  static final String SUBJECT = "ce_subject";

  /** That of {@code datacontenttype}, the one attribute whose header is named differently. */
  static final String CONTENT_TYPE = "content-type";

  /** Say something of one event and its data, so that they must not pass from event to event. */
  static final Set<String> OF_ONE_EVENT =
      Set.of(
          SPEC_VERSION,
          ID,
          SOURCE,
          TYPE,
          TIME,
          SUBJECT,
          CONTENT_TYPE,
          "ce_datacontenttype",
          "ce_dataschema",
          "ce_dataref",
          "ce_partitionkey");

  private Attributes() {}
}
