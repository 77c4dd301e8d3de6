package io.afina.chaos;

/** Where a record is on its topic. */
record Place(int partition, long offset) {

  @Override
  public String toString() {
    return partition + "-" + offset;
  }
}
