package io.afina.chaos.check;

/** Where a record is on its topic. */
public record Place(int partition, long offset) {

  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}
