package io.afina.source;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.backbone.BackboneModel;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.DecodingEmbedder;
import io.afina.backbone.PictureEmbedder;
import io.afina.classifier.ClassifierTopology;
import io.afina.classifier.ahead.AheadQueue;
import io.afina.config.AfinaConfig;
import io.afina.config.ConfigLoader;
import io.afina.event.DeadLetter;
import io.afina.event.DeadLetter.Reason;
import io.afina.event.DeadLetter.Stage;
import io.afina.event.Embedding;
import io.afina.kafka.Homes;
import io.afina.lifecycle.Closer;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.Traces;
import io.afina.model.HeadSlot;
import io.afina.model.TrustedKeys;
import io.afina.replay.LabelledPicture;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References through the topology, with the bundled backbone. */
class ReferencesTopologyTest {

  private final byte[] picture = LabelledPicture.drawn(1, 1).get(0).bytes().get();
  private final AtomicBoolean away = new AtomicBoolean();
  private final List<Embedding> embeddings = new ArrayList<>();
  private final Closer closer = new Closer();
  private RawServer server;
  private TestInputTopic<byte[], byte[]> images;
  private TestOutputTopic<byte[], byte[]> predictions;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void start(@TempDir Path state) {
    server =
        closer.own(
            new RawServer(
                (path, turn, out) -> {
                  if (!away.get()) {
                    RawServer.ok(out, picture);
                  }
                }));
    AfinaConfig config =
        ConfigLoader.defaults()
            .set("pictures.sources", server.address())
            .set("pictures.fetchTime", "500ms")
            .load();
    MeterRegistry meters = new SimpleMeterRegistry();
    BackboneModel model =
        closer.own(BackboneModel.load(new BackboneResolver().resolve(null), 1, "cpu"));
    PictureSources sources = closer.own(new PictureSources(config.pictures(), meters));
    DecodingEmbedder embedder =
        closer.own(new DecodingEmbedder(config, model, new BatchMeters(meters)));
    TopologyTestDriver driver =
        closer.own(
            driver(config, AheadQueue.of(config, remembering(embedder), sources), model, state));
    images =
        driver.createInputTopic(
            TOPICS.images().name(), new ByteArraySerializer(), new ByteArraySerializer());
    predictions = output(driver, TOPICS.predictions().name());
    deadLetters = output(driver, TOPICS.deadLetters().name());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  void shouldClassifyWhatIsReferredToLikeWhatIsCarried() {
    // when
    images.pipeInput(Door.bytes("carried"), picture);
    image("listed", Door.bytes(server.address() + "x"), Door.list());
    image("cloud-event", null, Door.list().remove("content-type").add("ce_dataref", uri()));

    // then
    assertThat(predictions.readKeyValuesToList()).hasSize(3);
    assertThat(embeddings).hasSize(3);
    assertThat(embeddings.get(1).values()).isEqualTo(embeddings.get(0).values());
    assertThat(embeddings.get(2).values()).isEqualTo(embeddings.get(0).values());
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldMakeADeadLetterOfTheReferenceThatIsClassifiedOnceItsSourceIsBack() {
    // given
    away.set(true);
    image("x", uri(), Door.list());
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    DeadLetter why = DeadLetter.from(letter.headers());
    assertThat(why.stage()).isEqualTo(Stage.FETCH);
    assertThat(why.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(letter.value()).isEqualTo(uri());
    assertThat(predictions.isEmpty()).isTrue();

    // when
    away.set(false);
    images.pipeInput(letter);

    // then
    assertThat(predictions.readKeyValuesToList()).hasSize(1);
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void shouldSetAsideWhatMayNotBeFetched() {
    // when
    image("x", Door.bytes("http://169.254.169.254/latest/meta-data/"), Door.list());

    // then
    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(DeadLetter.from(letter.headers()).reason()).isEqualTo(Reason.FORBIDDEN);
    assertThat(server.connections()).isZero();
  }

  private void image(String id, byte @Nullable [] value, Headers headers) {
    images.pipeInput(new TestRecord<>(Door.bytes(id), value, headers));
  }

  private byte[] uri() {
    return Door.bytes(server.address() + "x");
  }

  private PictureEmbedder remembering(PictureEmbedder embedder) {
    return (picture, contentType) -> {
      PictureEmbedder.Embedded embedded = embedder.embed(picture, contentType);
      embeddings.add(embedded.embedding());
      return embedded;
    };
  }

  private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static TopologyTestDriver driver(
      AfinaConfig config, AheadQueue ahead, BackboneModel model, Path state) {
    Properties properties = new Properties();
    properties.put("application.id", "references");
    properties.put("bootstrap.servers", "none:1");
    properties.put("state.dir", state.toString());
    HeadSlot heads =
        new HeadSlot(
            model.backbone().id(), model.backbone().card().embeddingSize(), TrustedKeys.anybody());
    return new TopologyTestDriver(
        ClassifierTopology.build(
            config, Homes.among(1), ahead, heads, new SimpleMeterRegistry(), Traces.off()),
        properties);
  }
}
