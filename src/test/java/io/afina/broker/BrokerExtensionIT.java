package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class BrokerExtensionIT {

  private final EmbeddedBroker first;

  BrokerExtensionIT(EmbeddedBroker first) {
    this.first = first;
  }

  @Test
  void shouldGiveTheSameRunningBrokerEverywhere(EmbeddedBroker second) {
    assertThat(second).isSameAs(first);
    assertThat(second.dataDir()).exists();
  }
}
