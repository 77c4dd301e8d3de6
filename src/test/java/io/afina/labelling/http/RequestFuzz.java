package io.afina.labelling.http;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.afina.config.ConfigLoader;
import io.afina.config.LabellingConfig;
import io.afina.event.Prediction.Position;
import io.afina.event.RecordId;
import io.afina.event.ReviewItem.ReviewReason;
import io.afina.http.HttpServer;
import io.afina.http.Tls;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.LabellingService;
import io.afina.labelling.feed.Gallery;
import io.afina.labelling.feed.ImageIdLimit;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.queue.AnnotationIndex;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Assignments;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.labelling.security.AccessFilter;
import io.afina.metrics.LabellingMeters;
import io.afina.metrics.Traces;
import io.afina.model.Heads;
import io.afina.model.MockModels;
import io.afina.picture.PictureRendering;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever body a logged-in program sends: it is taken, or refused with a problem document, and
 * never a bug. The server is the real one in this JVM, over Kafka's own mock clients.
 */
class RequestFuzz {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String JSON_TYPE = "application/json";
  private static final int MANY = 1_000_000;

  /** What the first byte of an input chooses. */
  private record Target(String method, String path, String type) {}

  private static final List<Target> TARGETS =
      List.of(
          new Target("POST", "/api/items", JSON_TYPE),
          new Target("POST", "/api/answers", JSON_TYPE),
          new Target("POST", "/api/passes", JSON_TYPE),
          new Target("POST", "/api/undo", JSON_TYPE),
          new Target("POST", "/api/session", JSON_TYPE),
          new Target("POST", "/api/label-studio/webhook", JSON_TYPE),
          new Target("POST", "/api/corrections", "text/csv"),
          new Target("POST", "/api/corrections", "application/x-ndjson"),
          new Target("POST", "/api/models/promote", JSON_TYPE),
          new Target("POST", "/api/models/rollback", JSON_TYPE),
          new Target("POST", "/api/models/unpin", JSON_TYPE));

  private static final byte[] PROMOTION = seed(8, "{\"version\": 1, \"why\": \"better\"}");
  private static final byte[] ROLLBACK = seed(9, "{\"why\": \"worse\"}");

  private static final Server SERVER = new Server();

  static Stream<byte[]> seeds() {
    return Stream.of(
        seed(0, "{\"page\": \"p\", \"count\": 2, \"have\": [\"0-1\"]}"),
        seed(1, "{\"page\": \"p\", \"item\": \"0-0\", \"label\": \"ant\", \"note\": \"n\"}"),
        seed(2, "{\"item\": \"0-0\", \"unsure\": true}"),
        seed(3, "{\"page\": \"p\"}"),
        seed(4, "{\"user\": \"mia\", \"password\": \"x\"}"),
        seed(
            5,
            """
            {"action": "ANNOTATION_CREATED", "task": {"data": {"afina_id": "a.jpg"}}, "annotation":
             {"id": 1, "was_cancelled": false, "result": [{"type": "choices", "from_name": "label",
              "to_name": "image", "value": {"choices": ["ant"]}}]}}\
            """),
        seed(5, "{\"action\": \"ANNOTATION_CREATED\", \"annotation\": {\"result\": [null]}}"),
        seed(
            5,
            """
            {"action": "ANNOTATION_CREATED", "task": {"data": {"afina_id": "a.jpg"}},
             "annotation": {"result": [null, {"value": {"choices": [null]}}]}}\
            """),
        seed(6, "id,label,note\na.jpg,ant,\"so, so\"\nb.jpg,bee,\n"),
        seed(7, "{\"id\": \"a.jpg\", \"label\": \"ant\"}\n{\"id\": \"b.jpg\", \"label\": \"b\"}"),
        PROMOTION,
        seed(8, "{\"version\": 2}"),
        ROLLBACK);
  }

  private static byte[] seed(int target, String body) {
    return ((char) target + body).getBytes(StandardCharsets.UTF_8);
  }

  /** Else a fuzzer of these two routes would try refusals only. */
  @Test
  void shouldMoveTheChampionForItsSeeds() throws Exception {
    for (byte[] input : List.of(PROMOTION, ROLLBACK)) {
      assertThat(send(input).statusCode()).as(target(input).path()).isEqualTo(204);
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void shouldBeTakenOrRefused(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    HttpResponse<byte[]> response = send(input);
    assertThat(response.statusCode()).as(target(input).path()).isLessThan(500);
    if (response.statusCode() >= 400) {
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      assertThat(JSON.readTree(response.body()).get("status").asInt())
          .isEqualTo(response.statusCode());
    }
  }

  private static Target target(byte[] input) {
    return TARGETS.get(Math.floorMod(input[0], TARGETS.size()));
  }

  private static HttpResponse<byte[]> send(byte[] input) throws Exception {
    return SERVER.send(target(input), Arrays.copyOfRange(input, 1, input.length));
  }

  /** For the life of the JVM: a fuzzer calls its test a thousand times a second. */
  private static final class Server {

    private final HttpClient http = HttpClient.newHttpClient();
    private final ReviewQueue queue =
        new ReviewQueue(
            100,
            Assignments.of(1),
            8,
            Duration.ofMinutes(2),
            UnaryOperator.identity(),
            InstantSource.system());
    private final AnswerIndex index = new AnswerIndex(1000, InstantSource.system(), ZoneOffset.UTC);
    private final MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CorrectionSender sender =
        new CorrectionSender(TOPICS.corrections().name(), producer);
    private final PictureSource pictures =
        new PictureSource(
            TOPICS.images().name(),
            Server::images,
            new PictureSources(
                ConfigLoader.defaults().load().pictures(), new SimpleMeterRegistry()),
            1000);
    private final HttpServer server;
    private final String csrf;

    Server() {
      LabellingConfig config =
          ConfigLoader.defaults()
              .set("labelling.requestsPerSecond", MANY)
              .set("labelling.loginsPerMinute", MANY)
              .load()
              .labelling();
      AccessFilter access =
          new AccessFilter(config, null, new LabellingMeters(new SimpleMeterRegistry()));
      Routes routes = routes(config, access);
      try {
        server =
            new HttpServer(
                new HttpServer.Listener("fuzzed", "127.0.0.1", 0, 0, 16),
                Tls::plain,
                javalin -> routes.into(javalin.routes, access));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      queue.open(0);
      csrf =
          Client.open(server.address().toString())
              .json("GET", "/api/session", null)
              .get("csrf")
              .asText();
    }

    /** Without a search of records, which no request here asks for. */
    @SuppressWarnings("NullAway")
    private Routes routes(LabellingConfig config, AccessFilter access) {
      int limit = config.maxBodyBytes();
      ImageIdLimit ids = new ImageIdLimit(1000);
      PictureRendering rendering = new PictureRendering(ConfigLoader.defaults().load().pictures());
      ModelFeed models =
          new ModelFeed(
              MockModels.with(Heads.identity(1, "ant", "bee")),
              new LearningTimes(),
              head -> {},
              () -> {});
      PicturesApi shown = new PicturesApi(pictures, rendering);
      return LabelServer.routes(
          Stream.of(
              new SessionApi(access.authenticator(), limit).routes(),
              new ItemsApi(service(), index, models, NoLabels.TABLE, config.lease(), limit, 8)
                  .routes(),
              new AnswersApi(service(), index, ids, limit).routes(),
              NoLabels.api(index, models, limit).routes(),
              new ModelsApi(models, new HeadViews(models, index), new WillingActions(), limit)
                  .routes(),
              shown.routes(),
              NoLabels.grid(service(), queue, shown, ids, limit).routes(),
              new ImagesApi(TOPICS, null, ids).routes(),
              new GalleryApi(new Gallery(10), index, NoLabels.TABLE, () -> false).routes(),
              NoLabels.bulk(sender, ids, config).routes(),
              new LabelStudioApi(queue, pictures, rendering).routes(),
              new LabelStudioWebhook(sender, index, new AnnotationIndex(), ids, limit).routes()),
          ctx -> {},
          () -> true);
    }

    private LabellingService service() {
      return new LabellingService(
          queue,
          index,
          sender,
          pictures,
          () -> true,
          producer::clear,
          new LabellingMeters(new SimpleMeterRegistry()),
          Traces.off(),
          InstantSource.system());
    }

    private static MockConsumer<byte[], byte[]> images() {
      MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
      Node node = new Node(0, "localhost", 1);
      consumer.updatePartitions(
          TOPICS.images().name(),
          List.of(
              new PartitionInfo(
                  TOPICS.images().name(), 0, node, new Node[] {node}, new Node[] {node})));
      return consumer;
    }

    /** One picture is always there to be asked for. */
    HttpResponse<byte[]> send(Target target, byte[] body) throws IOException, InterruptedException {
      queue.offer(
          new QueuedItem(
              new RecordId(0, 0),
              "a.jpg",
              Asked.item(new Position(9, 0, 0), ReviewReason.NOVEL, 1),
              0,
              SpanContext.getInvalid()),
          Set.of());
      return http.send(
          HttpRequest.newBuilder(server.address().resolve(target.path()))
              .header("Content-Type", target.type())
              .header(AccessFilter.CSRF_HEADER, csrf)
              .method(target.method(), BodyPublishers.ofByteArray(body))
              .build(),
          BodyHandlers.ofByteArray());
    }
  }
}
