package io.afina.chaos;

import io.afina.chaos.Fault.Side;
import io.afina.chaos.cluster.Brokers;
import io.afina.chaos.cluster.Proxy;
import io.afina.chaos.cluster.SmallDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Strikes with the faults of a script, one thread a side, until it has struck often enough and long
 * enough. When it is over, everything runs again.
 */
final class Nemesis implements AutoCloseable {

  private static final int ROUNDS_OF_A_STORM = 2;
  private static final int SHORTEST_DELAY = 20;

  /** The longer it takes, the longer the delay: up to 420 ms each way. */
  private static final int DELAY_PARTS = 40;

  private static final int FLOOD = 100;

  private final Brokers brokers;
  private final Crew crew;
  private final Load load;
  private final Optional<SmallDisk> disk;
  private final Stranger stranger;
  private final LongSupplier newestHead;
  private final Chronicle chronicle;
  private final Targets targets;
  private final AtomicInteger left;
  private final long until;
  private final BooleanSupplier more;
  private final ExecutorService threads = Executors.newFixedThreadPool(Side.values().length);
  private final List<Future<?>> sides = new ArrayList<>();

  /**
   * Who can be hit.
   *
   * @param roles the names of all processes of roles
   * @param onSmallDisk the one that has its state on the small disk
   * @param guest the one that comes and goes
   * @param working whether a role is hit only while it does its work
   */
  record Targets(List<String> roles, String onSmallDisk, String guest, boolean working) {}

  /** What it reaches. */
  record World(
      Brokers brokers,
      Crew crew,
      Load load,
      Optional<SmallDisk> disk,
      Stranger stranger,
      LongSupplier newestHead,
      Targets targets) {}

  /**
   * @param strikes how many at least
   * @param more whether to strike on after that
   */
  Nemesis(World world, Chronicle chronicle, int strikes, Duration atLeast, BooleanSupplier more) {
    this.brokers = world.brokers();
    this.crew = world.crew();
    this.load = world.load();
    this.disk = world.disk();
    this.stranger = world.stranger();
    this.newestHead = world.newestHead();
    this.targets = world.targets();
    this.chronicle = chronicle;
    this.left = new AtomicInteger(strikes);
    this.until = System.nanoTime() + atLeast.toNanos();
    this.more = more;
  }

  /** Begins. */
  void start(long seed, List<Fault> faults) {
    for (Side side : Side.values()) {
      List<Fault> its = faults.stream().filter(fault -> fault.side() == side).toList();
      if (!its.isEmpty()) {
        Script script = new Script(seed ^ side.name().hashCode(), its);
        Callable<Void> striking =
            () -> {
              strikeOn(script);
              return null;
            };
        sides.add(threads.submit(striking));
      }
    }
  }

  boolean isOver() {
    return sides.stream().allMatch(Future::isDone);
  }

  /**
   * Waits for the last strike to end.
   *
   * @throws IllegalStateException when one could not be struck or taken back
   */
  void await() throws InterruptedException {
    for (Future<?> side : sides) {
      try {
        side.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the nemesis failed", e.getCause());
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void strikeOn(Script script) throws Exception {
    while (left.getAndDecrement() > 0 || System.nanoTime() < until || more.getAsBoolean()) {
      Strike strike = script.next();
      if (targets.working()) {
        crew.awaitReady(role(strike));
      }
      pause(strike.after());
      if (strike.fault().side() == Side.CLUSTER) {
        // With two brokers of three away nothing is promised but that it goes on afterwards.
        brokers.awaitInSync();
      }
      chronicle.struck(strike);
      strike(strike);
    }
  }

  private void strike(Strike strike) throws Exception {
    String role = role(strike);
    int broker = strike.target() % brokers.count();
    switch (strike.fault()) {
      case KILL -> kill(role, strike);
      case PAUSE -> pause(role, strike);
      case RESTART -> restart(role);
      case DISK_FULL -> fillDisk(strike);
      case CORRUPT_HEAD -> {
        String what = stranger.write(strike.target() % Stranger.WAYS, newestHead.getAsLong());
        chronicle.note("the stranger wrote " + what);
      }
      case POISON_FLOOD -> load.flood(FLOOD);
      case REBALANCE_STORM -> storm(strike);
      case BROKER_KILL -> {
        brokers.kill(broker);
        pause(strike.millis());
        brokers.start(broker);
      }
      case BROKER_PAUSE -> {
        brokers.signal(broker, "STOP");
        pause(strike.millis());
        brokers.signal(broker, "CONT");
      }
      case BROKER_RESTART -> restart(broker);
      case ROLLING_RESTART -> restartAll();
      case DELAY -> bad(brokers.toClients(broker), strike, false);
      case CUT -> bad(brokers.toClients(broker), strike, true);
      case PARTITION -> bad(brokers.toReplication(broker), strike, true);
      case TOPIC_SETTINGS -> changeSettings(strike);
    }
  }

  private String role(Strike strike) {
    return targets.roles().get(strike.target() % targets.roles().size());
  }

  private void kill(String role, Strike strike) throws InterruptedException {
    chronicle.note("kills " + role);
    crew.kill(role);
    pause(strike.millis() / 4);
    crew.start(role);
  }

  private void pause(String role, Strike strike) throws InterruptedException {
    chronicle.note("stops " + role);
    crew.signal(role, "STOP");
    pause(strike.millis());
    crew.signal(role, "CONT");
  }

  private void restart(String role) throws InterruptedException {
    chronicle.note("restarts " + role);
    crew.stop(role);
    crew.start(role);
  }

  private void restart(int broker) throws InterruptedException {
    brokers.stop(broker);
    brokers.start(broker);
  }

  private void restartAll() throws InterruptedException {
    for (int node = 0; node < brokers.count(); node++) {
      restart(node);
      brokers.awaitInSync();
    }
  }

  private void changeSettings(Strike strike) throws Exception {
    TopicSettings change = TopicSettings.ALL.get(strike.target() % TopicSettings.ALL.size());
    chronicle.note(change.toString());
    TopicSettings back = change.apply(brokers.admin());
    pause(strike.millis());
    back.apply(brokers.admin());
  }

  /** Every other time the classifier has to start while it is full. */
  private void fillDisk(Strike strike) throws InterruptedException {
    SmallDisk small = disk.orElseThrow();
    small.fill();
    if (strike.target() % 2 == 0) {
      chronicle.note("kills " + targets.onSmallDisk());
      crew.kill(targets.onSmallDisk());
      crew.start(targets.onSmallDisk());
    }
    pause(strike.millis());
    small.free();
  }

  private void storm(Strike strike) throws InterruptedException {
    for (int round = 0; round < ROUNDS_OF_A_STORM; round++) {
      crew.start(targets.guest());
      pause(strike.millis());
      crew.stop(targets.guest());
    }
  }

  private static void bad(Proxy network, Strike strike, boolean cut) throws InterruptedException {
    if (cut) {
      network.cut();
    } else {
      network.delay(Duration.ofMillis(SHORTEST_DELAY + strike.millis() / DELAY_PARTS));
    }
    pause(strike.millis());
    network.heal();
  }

  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
