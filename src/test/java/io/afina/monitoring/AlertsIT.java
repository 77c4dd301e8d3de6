package io.afina.monitoring;

import static io.afina.DefaultTopics.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.afina.Programs;
import io.afina.chaos.cluster.SmallDisk;
import io.afina.lifecycle.Closer;
import io.afina.monitoring.Monitored.Role;
import io.afina.replay.LabelledPicture;
import io.afina.replay.Replay;
import io.afina.system.Mischief;
import io.afina.walk.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the alerts watch goes wrong in a running system, and they fire. The rules are the
 * repository's, sixty times faster: an hour is a minute ({@code src/docs/alerts.md}).
 */
class AlertsIT {

  private static final int SPEED = 60;

  /** Where nobody listens. */
  private static final String AWAY = "http://127.0.0.1:1/";

  private static final String CLASSIFY =
      "--threads 1 --set review.audit=0.2 --set classifier.correctionPatience=2s --set pictures.fetchTime=300ms"
          + " --set pictures.privateSources=true --set pictures.sources="
          + AWAY;

  /** So many hundreds of pictures each time are more than two classifiers can classify. */
  private static final int MANY = 15;

  private static final List<LabelledPicture> TAUGHT = LabelledPicture.drawn(1, 240);
  private static final List<LabelledPicture> OTHERS = LabelledPicture.drawn(2, 100);

  private static final List<String> PLAIN =
      List.of("--train-every", "8", "--set", "decide.precision=0.8");

  private static final List<String> WATCHED =
      List.of(
          "--train-every",
          "8",
          "--set",
          "trainer.watchdog=true",
          "--set",
          "trainer.watchdogWindow=20",
          "--train-on-drift");

  private final List<LabelledPicture> taught = new ArrayList<>();
  private final Closer closer = new Closer();
  private Monitored system;
  private Alarms alarms;
  private Mischief mischief;
  private Role stranger;
  private Role trainer;

  @BeforeAll
  static void requirePrograms() {
    Programs.require("prometheus");
  }

  private void start(Path folder, List<String> training) throws Exception {
    system = closer.own(new Monitored(folder, SPEED));
    alarms = new Alarms(system.prometheus());
    mischief = closer.own(new Mischief(system.config()));
    List<Role> roles = system.startAll(List.of(CLASSIFY.split(" ")), training, List.of());
    trainer = roles.get(1);
    stranger =
        system.classifier(
            "--threads", "1", "--verify-key", Monitored.somebodysKey(folder).toString());
  }

  @AfterEach
  void stop() {
    closer.close();
  }

  @Test
  @Tag("nightly")
  void shouldFireWhenWhatTheyWatchGoesWrong(@TempDir Path folder) throws Exception {
    start(folder, PLAIN);
    causeWhatIsSoonThere();
    assertThat(alarms.fired()).containsExactlyElementsOf(MonitoringRules.alerts(false));
  }

  @Test
  @Tag("nightly")
  void shouldFireWhenWhatTheyWatchGoesWrongForLong(@TempDir Path folder) throws Exception {
    start(folder, WATCHED);
    causeWhatTakesLong();
    assertThat(alarms.fired()).containsExactlyElementsOf(MonitoringRules.alerts(true));
  }

  private void causeWhatIsSoonThere() throws InterruptedException {
    nobodyHasTaughtItAnything();
    aClassifierTrustsAnotherKey();
    aBackboneIsNowhere();
    aClassifierIsKilled();
    // Those before the first head were predicted without a promise.
    teach(OTHERS);
    try (Closer transaction = mischief.openTransaction(OTHERS.get(0).bytes().get())) {
      assertThat(transaction).isNotNull();
      upstreamSendsWhatIsNoPicture();
      aCorrectionNamesAnImageThatNeverCame();
      somebodyCallsOneLabelAnother();
      aToolSwapsTheLabels();
      somebodyWritesHeadsInALoop();
      allLabelsAreWithdrawn();
      theTrainerIsKilled();
      alarms.await("AfinaStuck");
    }
  }

  private void causeWhatTakesLong() throws Exception {
    stranger.process().kill();
    system.prometheus().forget(stranger.target());
    teach(TAUGHT);
    somebodyPromotesTheFirstHead();
    promotionsWaitForAPerson();
    nobodyAnswersSinceYesterday();
    aSourceIsAway();
    aCameraBreaks();
    theBrokerIsStopped();
    aHeapIsTooSmall();
    aDiskIsSmall();
    moreComesThanIsClassified();
    aTopicIsDeleted();
  }

  private void nobodyHasTaughtItAnything() {
    alarms.await("AfinaNoChampion");
  }

  private void aClassifierTrustsAnotherKey() {
    teach(TAUGHT);
    alarms.await("AfinaHeadRefused", "AfinaChampionsDiffer");
  }

  private void aBackboneIsNowhere() throws InterruptedException {
    mischief.wantABackboneThatIsNowhere();
    alarms.await("AfinaBackboneRefused");
    system.run("backbone", "upgrade", "--cancel");
  }

  /** It knows few labels, and the watchdog sees it by the corrections that follow. */
  private void somebodyPromotesTheFirstHead() throws InterruptedException {
    system.run("models", "pin");
    teach(OTHERS);
    system.run("models", "promote", "1");
    teach(LabelledPicture.drawn(3, 60));
    alarms.await("AfinaRolledBack");
  }

  /** Pinned for longer than a label may take to be learned. */
  private void promotionsWaitForAPerson() throws InterruptedException {
    Step.pause(Duration.ofSeconds(65));
    system.run("models", "unpin");
    teach(LabelledPicture.drawn(4, 16));
    alarms.await("AfinaLearnsSlowly", "AfinaLearnsSlowlyForLong");
  }

  private void aClassifierIsKilled() throws InterruptedException {
    stranger.process().kill();
    alarms.await("AfinaDown");
    system.prometheus().forget(stranger.target());
  }

  private void upstreamSendsWhatIsNoPicture() {
    alarms.await(() -> mischief.sendNoPictures(5), "AfinaDeadLetters");
  }

  private void aCorrectionNamesAnImageThatNeverCame() {
    mischief.correct("never", "ant");
    alarms.await("AfinaCorrectionsExpire");
  }

  private void somebodyCallsOneLabelAnother() {
    mischief.callOneLabelAnother(taught);
    alarms.await("AfinaLabelLost");
  }

  private void aToolSwapsTheLabels() {
    mischief.swapLabels(taught);
    alarms.await("AfinaLiveAccuracyLow", "AfinaPrecisionLow", "AfinaLabelCollapsed");
  }

  private void somebodyWritesHeadsInALoop() {
    alarms.await(
        () -> {
          mischief.takeTheTrainersPlace();
          teach(LabelledPicture.drawn(5, 16));
        },
        "AfinaTrainingFenced");
  }

  private void allLabelsAreWithdrawn() {
    taught.forEach(picture -> mischief.withdraw(picture.id()));
    alarms.await("AfinaCannotTrain");
  }

  private void theTrainerIsKilled() throws InterruptedException {
    trainer.process().kill();
    alarms.await("AfinaNoLeader");
    system.prometheus().forget(trainer.target());
  }

  private void nobodyAnswersSinceYesterday() {
    mischief.askAsIf(Duration.ofHours(25));
    alarms.await("AfinaReviewWaits");
  }

  private void aSourceIsAway() {
    alarms.await(
        () -> mischief.sendReferences(AWAY + "one.jpg", 5),
        "AfinaUnanswered",
        "AfinaUnansweredForLong");
  }

  private void aCameraBreaks() {
    alarms.await(() -> mischief.sendNoise(10), "AfinaDrift", "AfinaDriftUnlearned");
  }

  private void theBrokerIsStopped() {
    system.broker().signal("STOP");
    alarms.await("AfinaBrokerSilent");
    system.broker().signal("CONT");
    Step.until(
        "AfinaBrokerSilent ends",
        () -> !system.prometheus().firing().contains("AfinaBrokerSilent"));
  }

  /** A trainer holds every example. */
  private void aHeapIsTooSmall() {
    system.start("train", Map.of("AFINA_OPTS", "-Xms96m -Xmx96m -Xmn8m"), List.of());
    String full = "max(jvm_memory_usage_after_gc{job='afina-train'}) > 0.9";
    alarms.await(
        () -> {
          if (system.prometheus().query(full).isEmpty()) {
            mischief.sendExamples(1500);
          }
        },
        "AfinaHeapFull");
  }

  private void aDiskIsSmall() throws IOException {
    Path folder = Files.createTempDirectory("afina-small-disk");
    SmallDisk disk = closer.own(SmallDisk.mount(folder).orElseThrow());
    disk.fillUpTo(20);
    system.start("classify", Map.of(), List.of("--threads", "1", "--state-dir", folder.toString()));
    alarms.await("AfinaDiskFull");
  }

  private void moreComesThanIsClassified() {
    alarms.await(
        () -> IntStream.range(0, MANY).forEach(i -> mischief.sendAgain(OTHERS)),
        "AfinaBehind",
        "AfinaSlow",
        "AfinaSlowForLong");
  }

  /** For a classifier that waits for a topic for seconds, not for minutes as it would. */
  private void aTopicIsDeleted() {
    Role impatient =
        system.classifier(
            "--threads",
            "1",
            "--set",
            "kafka.task.timeout.ms=1000",
            "--set",
            "kafka.max.block.ms=2000");
    String classifies = "afina_images_total{instance='%s'} > 0".formatted(impatient.target());
    Step.until("it has its partitions", () -> !system.prometheus().query(classifies).isEmpty());
    mischief.delete(TOPICS.predictions());
    alarms.await(() -> mischief.sendAgain(OTHERS), "AfinaStreamThreadFailed");
  }

  private void teach(List<LabelledPicture> pictures) {
    taught.addAll(pictures);
    try (Replay replay = new Replay(system.config(), new Replay.Pace(1, 40, 1))) {
      replay.stream(pictures, true, score -> {});
    }
  }
}
