package io.afina.event;

import org.apache.kafka.common.serialization.Serde;

/**
 * A topic's name and serdes. Everything else about it (partitions, configuration, access) is in
 * {@code topics/<name>.yaml}.
 */
public record Topic<K, V>(String name, Serde<K> keys, Serde<V> values) {}
