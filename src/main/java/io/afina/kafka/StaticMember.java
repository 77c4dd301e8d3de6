package io.afina.kafka;

import io.afina.config.AfinaConfig;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places of a process with an {@code --instance-id} in its group: one a stream thread, which
 * the group keeps for as long as a session. A thread that ends gives its place up, so that nobody
 * waits for that. Does nothing for a process without one, whose threads leave by themselves.
 *
 * <p>Kafka Streams names them {@code <instance id>-<number of the thread>}.
 */
public final class StaticMember {

  private static final Logger LOG = LoggerFactory.getLogger(StaticMember.class);
  private static final int TIMEOUT_MILLIS = 5_000;

  /** How often places may be lost, so that a thread begins again, in how long a time. */
  private static final int MOST_LOSSES = 10;

  private static final Duration LOSSES_WITHIN = Duration.ofMinutes(10);

  /** A living member hears of its loss with its next heartbeat. */
  private static final int LOOK_MILLIS = 500;

  private static final int LOOKS = 12;

  private final Map<String, String> settings;
  private final String group;
  private final @Nullable String instanceId;
  private final InstantSource clock;
  private final Deque<Instant> losses = new ArrayDeque<>();

  public StaticMember(AfinaConfig config, InstantSource clock) {
    this.settings = config.kafka();
    this.group = config.classifier().applicationId();
    this.instanceId = config.classifier().instanceId();
    this.clock = clock;
  }

  /**
   * A thread that is about to be replaced gives its place up.
   *
   * @param thread its name
   */
  public void leave(String thread) {
    if (instanceId != null) {
      String place = place(instanceId, thread);
      ask(admin -> remove(admin, place));
    }
  }

  /**
   * Another member has a thread's place: another process, or this one where a broker has lost the
   * last that it knew of the group. A member that is still there takes the place again when it is
   * given up, and only a member that joins so is described as it is: who replaces another goes by
   * its client's id.
   *
   * @param thread its name
   * @return why this process has to end; empty when the thread may be replaced
   */
  public Optional<AfinaException> fenced(String thread) {
    String id = Objects.requireNonNull(instanceId, "only static members are fenced");
    if (isLostTooOften()) {
      return Optional.of(
          unusable(
              id,
              "was taken from this process %d times in %d minutes"
                  .formatted(MOST_LOSSES, LOSSES_WITHIN.toMinutes())));
    }
    String place = place(id, thread);
    return ask(admin -> remove(admin, place))
        .flatMap(removed -> ask(admin -> taker(admin, place)))
        .flatMap(taker -> taker)
        .map(taker -> unusable(id, "is used by another process too, at " + address(taker.host())));
  }

  private synchronized boolean isLostTooOften() {
    Instant now = clock.instant();
    losses.addLast(now);
    losses.removeIf(loss -> loss.isBefore(now.minus(LOSSES_WITHIN)));
    return losses.size() > MOST_LOSSES;
  }

  /** Who takes a place that was given up, within the time that a living member needs for it. */
  private Optional<MemberDescription> taker(Admin admin, String place)
      throws ExecutionException, InterruptedException {
    Optional<MemberDescription> taker = Optional.empty();
    for (int look = 0; look < LOOKS && taker.isEmpty(); look++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      ConsumerGroupDescription described =
          Objects.requireNonNull(
                  admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
              .get();
      taker =
          described.members().stream()
              .filter(member -> member.groupInstanceId().filter(place::equals).isPresent())
              .findFirst();
    }
    return taker;
  }

  /** What was given up. */
  private String remove(Admin admin, String place) throws ExecutionException, InterruptedException {
    admin
        .removeMembersFromConsumerGroup(
            group, new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove(place))))
        .all()
        .get();
    return place;
  }

  /** What an administrator's client does and may fail at. */
  private interface Request<T> {
    T of(Admin admin) throws ExecutionException, InterruptedException;
  }

  /** Asks the cluster, for a few seconds; without an answer the place is lost with its session. */
  private <T> Optional<T> ask(Request<T> request) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    all.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    try (Admin admin = Admin.create(all)) {
      return Optional.of(request.of(admin));
    } catch (ExecutionException | KafkaException e) {
      LOG.atInfo()
          .addKeyValue("why", String.valueOf(e.getCause() == null ? e : e.getCause()))
          .log("a place in the group is kept until its session ends");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private static String place(String instanceId, String thread) {
    return instanceId + thread.substring(thread.lastIndexOf('-'));
  }

  /** As Kafka has it, {@code /10.0.0.7}. */
  private static String address(String host) {
    return host.replaceFirst("^/", "");
  }

  private static AfinaException unusable(String instanceId, String why) {
    return new AfinaException(
        ExitCode.INSTANCE_ID,
        "the --instance-id %s %s: give every classifier a name of its own"
            .formatted(instanceId, why));
  }
}
