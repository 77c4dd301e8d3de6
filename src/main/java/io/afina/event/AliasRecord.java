package io.afina.event;

import java.time.Instant;

/**
 * The value of an alias on {@code models}: which head it points at, and who moved it, when and why.
 */
public record AliasRecord(long version, String who, Instant at, String why) {}
