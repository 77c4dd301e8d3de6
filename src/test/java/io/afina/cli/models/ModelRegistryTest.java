package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.BadCards;
import io.afina.model.Heads;
import org.junit.jupiter.api.Test;

class ModelRegistryTest {

  @Test
  void shouldRefuseToImportAHeadWhoseCardLacksAFieldOrHasAWrongOne() {
    assertThat(ModelRegistry.read("good", Heads.file(BadCards.good())).version())
        .isEqualTo(BadCards.VERSION);
    BadCards.bad()
        .forEach(
            (what, file) ->
                assertThatThrownBy(() -> ModelRegistry.read("head.safetensors", file))
                    .as(what)
                    .isInstanceOfSatisfying(
                        AfinaException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND))
                    .hasMessageStartingWith(
                        "head.safetensors cannot be used: the head has a card that has "));
  }
}
