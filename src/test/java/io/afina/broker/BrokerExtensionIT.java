package io.afina.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class BrokerExtensionIT {

  private final TestBroker first;

  BrokerExtensionIT(TestBroker first) {
    this.first = first;
  }

  @Test
  void shouldGiveTheSameRunningBrokerEverywhere(TestBroker second) {
    assertThat(second).isSameAs(first);
    assertThat(second.bootstrapServers()).isNotBlank();
  }
}
