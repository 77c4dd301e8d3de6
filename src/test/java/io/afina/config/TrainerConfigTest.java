package io.afina.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainerConfigTest {

  @Test
  void shouldKnowTheFormsOfHeads() {
    assertThatThrownBy(() -> ConfigLoader.defaults().set("trainer.head", "linear").load())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("trainer.head")
        .hasMessageContaining("kernel");
    ConfigLoader narrow = ConfigLoader.defaults().set("trainer.hidden", 0);
    assertThat(narrow.load().trainer().hidden()).isZero();
    assertThatThrownBy(() -> narrow.set("trainer.head", "hidden").load())
        .hasMessageContaining("trainer.hidden is 0")
        .hasMessageContaining("1024");
  }
}
