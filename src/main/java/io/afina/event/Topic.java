package io.afina.event;

import org.apache.kafka.common.serialization.Serde;

/**
 * One topic as the code sees it: its name and how its records are read and written. Everything else
 * about it (partitions, configuration, who may use it) stands in {@code topics/<name>.yaml}.
 */
public record Topic<K, V>(String name, Serde<K> keys, Serde<V> values) {}
