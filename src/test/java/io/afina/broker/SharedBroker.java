package io.afina.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A broker that the tests of this JVM use one after the other. Its topics are deleted in between,
 * those of groups and transactions among them, so that nothing is left that a test could see.
 */
final class SharedBroker implements TestBroker {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Deque<TestBroker> IDLE = new ArrayDeque<>();

  private final TestBroker broker;
  private boolean given = true;

  private SharedBroker(TestBroker broker) {
    this.broker = broker;
  }

  /** Takes one that nobody uses, or starts one that ends with this JVM. */
  static TestBroker take() {
    synchronized (IDLE) {
      if (!IDLE.isEmpty()) {
        return new SharedBroker(IDLE.pop());
      }
    }
    TestBroker started = TestBroker.startAlone();
    Runtime.getRuntime().addShutdownHook(new Thread(started::close, "test-broker-shutdown"));
    return new SharedBroker(started);
  }

  @Override
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  @Override
  public void close() {
    if (!given) {
      return;
    }
    given = false;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      await("the test's topics are deleted").atMost(PATIENCE).until(() -> isEmptied(admin));
    } catch (RuntimeException e) {
      // Somebody of the test still uses it: nobody else shall.
      broker.close();
      throw e;
    }
    synchronized (IDLE) {
      IDLE.push(broker);
    }
  }

  /** Whoever still runs may make a topic of groups anew: until none is left twice. */
  private static boolean isEmptied(Admin admin) throws Exception {
    ListTopicsOptions all = new ListTopicsOptions().listInternal(true);
    Set<String> topics = admin.listTopics(all).names().get();
    for (KafkaFuture<Void> deleted : admin.deleteTopics(topics).topicNameValues().values()) {
      try {
        deleted.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return topics.isEmpty();
  }
}
