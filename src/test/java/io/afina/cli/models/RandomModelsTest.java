package io.afina.cli.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import io.afina.LogLines;
import io.afina.event.AliasRecord;
import io.afina.event.Json;
import io.afina.event.ModelKey;
import io.afina.labelling.LearningPanel;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Assignments;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.metrics.HeadMeters;
import io.afina.metrics.Traces;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFollower;
import io.afina.model.HeadRefusedException.Refusal;
import io.afina.model.HeadSlot;
import io.afina.model.Heads;
import io.afina.model.MemoryModels;
import io.afina.model.MemoryModels.Sent;
import io.afina.model.ModelLog;
import io.afina.model.RandomModels;
import io.afina.model.SwapResult;
import io.afina.model.TrustedKeys;
import io.afina.trainer.judge.HeadReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Records of any key, value, headers and time on {@code models}: nothing that reads them ends, each
 * is taken or said in the log, and the good head that follows is in its place. {@code
 * -Dafina.records} says how many; {@code -Pnightly} takes 100,000.
 */
class RandomModelsTest {

  private static final int RECORDS = Integer.getInteger("afina.records", 10_000);
  private static final long SEED = Long.getLong("afina.seed", 18);
  private static final int A_BATCH = 100;
  private static final long FIRST_GOOD = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.afina");
  private final RandomModels random = new RandomModels(SEED);
  private final MemoryModels models = new MemoryModels();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HeadSlot slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.anybody());
  private final List<SwapResult> results = new CopyOnWriteArrayList<>();
  private int taken;
  private int ignored;

  /** So many lines on the console would bury what others say. */
  @BeforeEach
  void quieten() {
    logger.setAdditive(false);
  }

  @AfterEach
  void restore() {
    logger.setAdditive(true);
  }

  @Test
  void shouldTakeOrRefuseEachRecordAndPutTheGoodHeadThatFollowsInPlace() {
    LearningTimes times = new LearningTimes();
    try (HeadFollower follower = follower();
        ModelFeed feed = new ModelFeed(models.open(), times, head -> {}, () -> {});
        ModelLog log = models.open()) {
      HeadReader reader = new HeadReader(log);
      for (long version = FIRST_GOOD; taken + ignored < RECORDS; version++) {
        readBatch(log, reader);

        // when
        publishGood(version);
        log.poll(Duration.ZERO);

        // then
        long good = version;
        await("good head %d is in place".formatted(good))
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> isInPlace(good, feed) || follower.ended().isDone());
        assertThat(follower.ended()).isNotDone();
        assertThat(feed.ended()).isNotDone();
        assertThat(reader.at(ModelKey.CHAMPION).map(Head::version)).contains(good);
        assertListed(log, feed, times, good);
        models.compact();
      }
    }
    assertThat(List.of(taken, ignored)).allMatch(some -> some > RECORDS / 10);
    assertThat(refusals())
        .isPositive()
        .isEqualTo(results.stream().filter(SwapResult.Refused.class::isInstance).count());
  }

  private long refusals() {
    return meters.find("afina.head.refused").tag("place", "champion").counters().stream()
        .mapToLong(counter -> (long) counter.count())
        .sum();
  }

  /** Each record is taken, or one line says where it is and why it is not. */
  private void readBatch(ModelLog log, HeadReader reader) {
    try (LogLines lines = new LogLines(ModelLog.class)) {
      for (int n = 0; n < A_BATCH; n++) {
        ConsumerRecord<String, byte[]> record = models.add(random.next());
        Set<String> moved = log.poll(Duration.ZERO);
        String offset = " offset=" + record.offset() + " ";
        List<String> said =
            lines.all().stream().filter(line -> (line + " ").contains(offset)).distinct().toList();
        if (isTaken(log, record, moved)) {
          taken++;
          assertThat(said).as("%s", record).isEmpty();
        } else {
          ignored++;
          assertThat(said).as("%s", record).singleElement().asString().startsWith("ignored");
        }
        readHeads(reader);
      }
    }
  }

  private static boolean isTaken(
      ModelLog log, ConsumerRecord<String, byte[]> record, Set<String> moved) {
    ModelKey key = Optional.ofNullable(record.key()).flatMap(ModelKey::parse).orElse(null);
    if (key instanceof ModelKey.Head head) {
      return log.versions().contains(head.version()) == (record.value() != null);
    }
    return key instanceof ModelKey.Alias alias && moved.contains(alias.name());
  }

  /** As a trainer does. */
  private static void readHeads(HeadReader reader) {
    reader.at(ModelKey.CHAMPION);
    reader.at(ModelKey.CHALLENGER);
    reader.newest();
    reader.isPinned();
  }

  private boolean isInPlace(long version, ModelFeed feed) {
    return slot.head().filter(head -> head.version() == version).isPresent()
        && feed.champion().filter(card -> card.version() == version).isPresent();
  }

  /** What commands print and the page shows. */
  private static void assertListed(
      ModelLog log, ModelFeed feed, LearningTimes times, long version) {
    List<String> lines = new ArrayList<>(ModelsCommand.list(log));
    List<HeadCard> cards = feed.cards();
    for (HeadCard card : cards) {
      lines.addAll(ModelDiffCommand.lines(cards.get(0), card));
    }
    assertThat(lines).anyMatch(line -> line.matches(" *%d  champion.*".formatted(version)));
    assertThat(lines).allMatch(line -> line.codePoints().noneMatch(Character::isISOControl));
    assertThat(HeadReport.of(cards.get(cards.size() - 1), cards).page()).isNotEmpty();
    InstantSource clock = InstantSource.system();
    LearningPanel panel =
        new LearningPanel(
            new ReviewQueue(
                10, Assignments.of(1), 10, Duration.ofMinutes(1), UnaryOperator.identity(), clock),
            new AnswerIndex(10, clock, ZoneOffset.UTC),
            times,
            feed,
            1,
            0);
    assertThat(Json.write(panel.snapshot())).isNotEmpty();
    assertThat(Json.write(List.of(cards, feed.aliases(), feed.moves()))).isNotEmpty();
  }

  private HeadFollower follower() {
    return new HeadFollower(
        models.open(),
        slot,
        new HeadMeters(meters, Refusal.texts()),
        Traces.off(),
        results::add,
        HeadFollower.Backbones.FIXED);
  }

  private void publishGood(long version) {
    send(new ModelKey.Head(version - 1), null);
    send(new ModelKey.Head(version), Heads.file(Heads.identity(version, "ant", "bee")));
    send(ModelKey.CHAMPION, Json.write(new AliasRecord(version, "trainer", Instant.EPOCH, "good")));
  }

  private void send(ModelKey key, byte @Nullable [] value) {
    models.add(
        new Sent(key.text().getBytes(StandardCharsets.UTF_8), value, new RecordHeaders(), 0));
  }
}
