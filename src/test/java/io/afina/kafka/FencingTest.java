package io.afina.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class FencingTest {

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void shouldMakeAChangeAnewUntilNobodyFencesIt() {
    // when
    int made =
        Fencing.retry(
            () ->
                switch (attempts.incrementAndGet()) {
                  case 1 -> throw new ProducerFencedException("by another page");
                  case 2 -> throw new KafkaException(new InvalidProducerEpochException("late"));
                  default -> attempts.get();
                });

    // then
    assertThat(made).isEqualTo(3);
  }

  @Test
  void shouldNotRepeatWhatFailedForAnotherReason() {
    assertThatThrownBy(
            () ->
                Fencing.retry(
                    () -> {
                      attempts.incrementAndGet();
                      throw new TopicAuthorizationException("labels");
                    }))
        .isInstanceOf(TopicAuthorizationException.class);
    assertThat(attempts).hasValue(1);
  }
}
