package io.afina.labelling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.labelling.ModelActions;

/** Moves nothing, and asks for a reason. */
record WillingActions() implements ModelActions {

  @Override
  public void promote(long version, String who, String why) {
    assertThat(why).isNotBlank();
  }

  @Override
  public void unpin(String who, String why) {
    assertThat(why).isNotBlank();
  }

  @Override
  public void rollback(String who, String why) {
    assertThat(why).isNotBlank();
  }
}
