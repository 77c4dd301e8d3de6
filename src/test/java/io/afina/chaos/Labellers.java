package io.afina.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.chaos.check.History.Reply;
import io.afina.labelling.http.Client;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** People at the labelling page: they answer what they are asked, when the page is there. */
final class Labellers implements AutoCloseable {

  private static final long PAUSE_MILLIS = 700;
  private static final int ACCEPTED = 204;

  private final String address;
  private final Map<String, String> tokens;
  private final UnaryOperator<String> truth;
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::label, "chaos-labellers");

  /**
   * @param tokens of the labellers, by name
   * @param truth what an image is
   */
  Labellers(String address, Map<String, String> tokens, UnaryOperator<String> truth) {
    this.address = address;
    this.tokens = Map.copyOf(tokens);
    this.truth = truth;
    thread.setDaemon(true);
    thread.start();
  }

  List<Reply> replies() {
    return List.copyOf(replies);
  }

  /** They go home, once the answer under way has come. */
  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void label() {
    try {
      while (!over.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        tokens.forEach(this::answerOne);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answerOne(String labeller, String token) {
    Client client = new Client(address).with("Authorization", "Bearer " + token);
    try {
      JsonNode items =
          client.json("POST", "/api/items", "{\"page\": \"p\", \"count\": 1}").get("items");
      for (JsonNode item : items) {
        answer(client, labeller, item);
      }
    } catch (UncheckedIOException | IllegalStateException e) {
      // The page is away, or has lost its partitions for a moment: another time.
    }
  }

  private void answer(Client client, String labeller, JsonNode item) {
    String image = item.get("image").asText();
    String label = truth.apply(image);
    boolean accepted = false;
    try {
      accepted =
          client
                  .send(
                      "POST",
                      "/api/answers",
                      "{\"page\": \"p\", \"item\": %s, \"label\": \"%s\"}"
                          .formatted(item.get("item"), label))
                  .statusCode()
              == ACCEPTED;
    } finally {
      replies.add(new Reply(image, label, labeller, accepted));
    }
  }
}
