package io.afina.monitoring;

import static io.afina.walk.Step.say;
import static io.afina.walk.Step.until;

import com.fasterxml.jackson.databind.JsonNode;
import io.afina.monitoring.Monitored.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/**
 * Starts and stops classifiers as Kubernetes' HorizontalPodAutoscaler does by what the rules say is
 * wanted, at the pace that the chart asks for: the last that was started is stopped first.
 */
final class Scaler {

  private static final String WANTED = "afina:classifiers:wanted";

  /** So far from what is wanted nothing is changed. */
  private static final double TOLERANCE = 0.1;

  /** Between two changes; to the least that was wanted in it goes the way up. */
  private static final Duration UP = Duration.ofMinutes(1);

  /** To the most that was wanted in it goes the way down. */
  private static final Duration DOWN = Duration.ofMinutes(5);

  private final Deque<Role> running = new ArrayDeque<>();
  private final List<Advice> advice = new ArrayList<>();
  private final Monitored system;
  private final IntFunction<List<String>> arguments;
  private final int limit;
  private final int speed;
  private Instant changed;

  /** How many were wanted at a time. */
  private record Advice(Instant at, int count) {}

  /**
   * Starts the first one.
   *
   * @param arguments of the n-th classifier, from 0
   * @param limit so many may run
   * @param speed how many times faster than the chart says all goes
   */
  Scaler(Monitored system, IntFunction<List<String>> arguments, int limit, int speed) {
    this.system = system;
    this.arguments = arguments;
    this.limit = limit;
    this.speed = speed;
    start();
    changed = Instant.now();
  }

  int running() {
    return running.size();
  }

  /** Does what is wanted until something is so. */
  void follow(String what, Callable<Boolean> enough) {
    until(
        what,
        () -> {
          step();
          return enough.call();
        });
  }

  private void step() throws InterruptedException {
    JsonNode answer = system.prometheus().query(WANTED);
    if (answer.isEmpty()) {
      return;
    }
    double wanted = answer.get(0).at("/value/1").asDouble();
    Instant now = Instant.now();
    advice.add(new Advice(now, advised(wanted)));
    advice.removeIf(old -> old.at().isBefore(now.minus(DOWN.dividedBy(speed))));
    Instant latest = now.minus(UP.dividedBy(speed));
    if (changed.isAfter(latest)) {
      return;
    }
    int least =
        advice.stream()
            .filter(each -> each.at().isAfter(latest))
            .mapToInt(Advice::count)
            .min()
            .orElseThrow();
    int most = advice.stream().mapToInt(Advice::count).max().orElseThrow();
    if (least > running()) {
      start();
    } else if (most < running()) {
      stop();
    } else {
      return;
    }
    changed = Instant.now();
    say("%.2f wanted, %d run", wanted, running());
  }

  private int advised(double wanted) {
    boolean same = Math.abs(wanted / running() - 1) <= TOLERANCE;
    return same ? running() : Math.min(limit, Math.max(1, (int) Math.ceil(wanted)));
  }

  private void start() {
    running.addLast(system.start("classify", Map.of(), arguments.apply(running())));
  }

  private void stop() throws InterruptedException {
    Role last = running.removeLast();
    last.process().stop();
    system.prometheus().forget(last.target());
  }
}
