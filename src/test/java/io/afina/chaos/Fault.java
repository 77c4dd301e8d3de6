package io.afina.chaos;

import java.util.Arrays;
import java.util.List;

/** What can go wrong. */
enum Fault {
  /** kill -9 of a role's process, which is started again. */
  KILL(Side.ROLES),
  /** A role's process stops as if its machine did, and goes on later. */
  PAUSE(Side.ROLES),
  /** SIGTERM, and started again. */
  RESTART(Side.ROLES),
  /** No space is left where a classifier keeps its state. */
  DISK_FULL(Side.ROLES),
  /** Somebody who is no trainer writes to models. */
  CORRUPT_HEAD(Side.ROLES),
  /** Many pictures that are none. */
  POISON_FLOOD(Side.ROLES),
  /** A classifier comes and goes, several times. */
  REBALANCE_STORM(Side.ROLES),
  /** kill -9 of a broker, which is started again. */
  BROKER_KILL(Side.CLUSTER),
  /** A broker stops as if its machine did, and goes on later. */
  BROKER_PAUSE(Side.CLUSTER),
  /** A broker is shut down in order and started again. */
  BROKER_RESTART(Side.CLUSTER),
  /** All brokers are restarted, one after the other. */
  ROLLING_RESTART(Side.CLUSTER),
  /** The network between clients and a broker is slow. */
  DELAY(Side.CLUSTER),
  /** The network between clients and a broker is cut. */
  CUT(Side.CLUSTER),
  /** A broker's followers cannot reach it. */
  PARTITION(Side.CLUSTER),
  /** Somebody changes a topic's settings, and back. */
  TOPIC_SETTINGS(Side.CLUSTER);

  /** Faults of different sides may overlap, those of one side do not. */
  enum Side {
    ROLES,
    CLUSTER
  }

  private final Side side;

  Fault(Side side) {
    this.side = side;
  }

  Side side() {
    return side;
  }

  static List<Fault> all() {
    return Arrays.asList(values());
  }
}
