package io.afina.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {

  private final List<String> closed = new ArrayList<>();

  @Test
  void shouldCloseInReverseOnceAndKeepTheFirstFailure() {
    // given
    Closer closer = new Closer();
    closer.own(() -> closed.add("first"));
    closer.own(() -> fail("second"));
    closer.own(() -> fail("third"));

    // then
    assertThatThrownBy(closer::close)
        .hasMessage("third")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .satisfies(s -> assertThat(s).hasMessage("second")));
    assertThat(closed).containsExactly("third", "second", "first");
    closer.close();
    assertThat(closed).hasSize(3);
  }

  @Test
  void shouldCloseAndRefuseLateArrivals() {
    // given
    Closer closer = new Closer();
    closer.close();

    // then
    assertThatThrownBy(() -> closer.own(() -> closed.add("late")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(closed).containsExactly("late");
  }

  private void fail(String name) {
    closed.add(name);
    throw new IllegalArgumentException(name);
  }
}
