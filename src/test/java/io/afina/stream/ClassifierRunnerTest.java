package io.afina.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class ClassifierRunnerTest {

  @Test
  void shouldTryAgainWhatANewThreadAndProducerMayMend() {
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("commit", new TimeoutException("30 s"))))
        .isTrue();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("commit", new InvalidTxnStateException("ended"))))
        .isTrue();
    assertThat(ClassifierRunner.isPassing(new InvalidStateStoreException("closed"))).isTrue();
  }

  @Test
  void shouldEndWhereNoThreadWillFareBetter() {
    assertThat(ClassifierRunner.isPassing(new ProcessorStateException("disk full"))).isFalse();
    assertThat(
            ClassifierRunner.isPassing(
                new StreamsException("read", new AuthorizationException("not allowed"))))
        .isFalse();
    assertThat(ClassifierRunner.isPassing(new IllegalStateException("a bug"))).isFalse();
  }
}
