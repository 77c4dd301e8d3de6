package io.afina.labelling.feed;

import io.afina.event.AliasRecord;
import io.afina.event.ModelKey;
import io.afina.model.Head;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadRefusedException;
import io.afina.model.ModelLog;
import io.afina.suspect.Suspects;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code models}: the cards of the newest heads, the aliases, and how they moved since this
 * instance began. Safe for any thread.
 */
public final class ModelFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ModelFeed.class);
  private static final Duration POLL = Duration.ofMillis(250);

  /** Cards that are kept; every one is read from its head once. */
  private static final int MOST_CARDS = 300;

  private static final int MOST_MOVES = 500;
  private static final int CARDS_A_ROUND = 10;

  private final ModelLog log;
  private final LearningTimes times;
  private final Consumer<Head> champion;
  private final Runnable changed;
  private final NavigableMap<Long, HeadCard> cards = new ConcurrentSkipListMap<>();
  private final Set<Long> unreadable = new HashSet<>();
  private final List<Move> moves = new CopyOnWriteArrayList<>();
  private volatile Map<String, AliasRecord> aliases = Map.of();
  private volatile Optional<Suspects> suspects = Optional.empty();

  /** An alias that was set. */
  public record Move(String alias, AliasRecord to) {}

  /**
   * Starts to follow.
   *
   * @param log owned from here on
   * @param champion told the head that answers, at first and whenever it is another
   */
  public ModelFeed(ModelLog log, LearningTimes times, Consumer<Head> champion, Runnable changed) {
    this.log = log;
    this.times = times;
    this.champion = champion;
    this.changed = changed;
    log.readToEnd();
    aliases = log.aliases();
    suspects = log.suspects();
    aliases.forEach((name, record) -> moves.add(new Move(name, record)));
    loadCards(MOST_CARDS);
    championAlias().map(AliasRecord::version).flatMap(this::read).ifPresent(champion);
    log.follow("afina-label-models", POLL, this::take);
  }

  /** The alias of the head that answers. */
  public Optional<AliasRecord> championAlias() {
    return Optional.ofNullable(aliases.get(ModelKey.CHAMPION.name()));
  }

  /** Why no head can be trained, where that is so. */
  public Optional<String> untrained() {
    return Optional.ofNullable(aliases.get(ModelKey.UNTRAINED.name())).map(AliasRecord::why);
  }

  /** The examples whose labels look wrong. */
  public Optional<Suspects> suspects() {
    return suspects;
  }

  /** The card of the head that answers. */
  public Optional<HeadCard> champion() {
    return championAlias().map(AliasRecord::version).map(cards::get);
  }

  /** A card by its version. */
  public Optional<HeadCard> card(long version) {
    return Optional.ofNullable(cards.get(version));
  }

  /** The newest cards, oldest first. */
  public List<HeadCard> cards() {
    return List.copyOf(cards.values());
  }

  public Map<String, AliasRecord> aliases() {
    return aliases;
  }

  /** How aliases moved, oldest first. */
  public List<Move> moves() {
    return List.copyOf(moves);
  }

  public CompletableFuture<Void> ended() {
    return log.ended();
  }

  @Override
  public void close() {
    log.close();
  }

  private void take(Set<String> moved) {
    suspects = log.suspects();
    boolean loaded = loadCards(CARDS_A_ROUND);
    if (!moved.isEmpty()) {
      moved(moved);
    }
    if (loaded || !moved.isEmpty()) {
      changed.run();
    }
  }

  private void moved(Set<String> names) {
    aliases = log.aliases();
    for (String name : names) {
      AliasRecord to = aliases.get(name);
      if (to != null) {
        moves.add(new Move(name, to));
      }
    }
    while (moves.size() > MOST_MOVES) {
      moves.remove(0);
    }
    if (names.contains(ModelKey.CHAMPION.name())) {
      championAlias()
          .ifPresent(
              alias -> {
                long version = Objects.requireNonNullElse(alias.version(), 0L);
                read(version).ifPresent(champion);
                card(version).ifPresent(card -> times.promoted(card, alias.at().toEpochMilli()));
              });
    }
  }

  /** Reads cards that are missing, newest first; the oldest are forgotten. */
  private boolean loadCards(int most) {
    List<Long> missing =
        log.versions().descendingSet().stream()
            .limit(MOST_CARDS)
            .filter(version -> !cards.containsKey(version) && !unreadable.contains(version))
            .limit(most)
            .toList();
    championAlias().map(AliasRecord::version).ifPresent(this::load);
    missing.forEach(this::load);
    while (cards.size() > MOST_CARDS + 1) {
      cards.pollFirstEntry();
    }
    cards.keySet().retainAll(log.versions());
    return !missing.isEmpty();
  }

  private void load(long version) {
    if (!cards.containsKey(version)) {
      var unused = read(version);
    }
  }

  /** Reads a head and keeps its card. */
  private Optional<Head> read(long version) {
    if (unreadable.contains(version)) {
      return Optional.empty();
    }
    try {
      Optional<Head> head = Optional.empty();
      Optional<byte[]> blob = log.head(version);
      if (blob.isPresent()) {
        head = Optional.of(HeadFile.read(blob.get()));
        cards.put(version, head.get().card());
      }
      return head;
    } catch (HeadRefusedException e) {
      unreadable.add(version);
      LOG.atWarn().addKeyValue("version", version).addKeyValue("why", e.why()).log("ignored head");
    } catch (TimeoutException e) {
      LOG.atWarn()
          .addKeyValue("version", version)
          .addKeyValue("why", e.getMessage())
          .log("card comes late, tries again");
    }
    return Optional.empty();
  }
}
