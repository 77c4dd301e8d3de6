package io.afina.labelling;

/** Refuses whatever is asked of it, for tests that move no head. */
public record NoActions() implements ModelActions {

  @Override
  public void promote(long version, String who, String why) {
    throw new UnsupportedOperationException("promotes nothing");
  }

  @Override
  public void unpin(String who, String why) {
    throw new UnsupportedOperationException("unpins nothing");
  }

  @Override
  public void rollback(String who, String why) {
    throw new UnsupportedOperationException("rolls nothing back");
  }
}
