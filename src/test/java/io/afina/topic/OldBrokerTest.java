package io.afina.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OldBrokerTest {

  @Test
  void shouldSayThatTheBrokersAreTooOld() throws IOException {
    try (OldBroker broker = new OldBroker();
        TopicAdmin topics =
            TopicAdmin.connect(
                ConfigLoader.defaults()
                    .set("kafka.bootstrap.servers", broker.bootstrapServers())
                    .load())) {
      assertThatThrownBy(() -> topics.requireReady(List.of("images")))
          .isInstanceOfSatisfying(
              AfinaException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BROKER_TOO_OLD))
          .hasMessageMatching(
              "the brokers at %s are too old for the Kafka client \\d+\\.\\d+\\.\\d+ that .*"
                  .formatted(broker.bootstrapServers()));
    }
  }
}
