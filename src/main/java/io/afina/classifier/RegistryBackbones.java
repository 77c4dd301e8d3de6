package io.afina.classifier;

import io.afina.backbone.Backbone;
import io.afina.backbone.BackboneResolver;
import io.afina.backbone.pool.BackbonePool;
import io.afina.backbone.pool.LoadedBackbone;
import io.afina.config.AfinaConfig;
import io.afina.event.AliasRecord;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.ModelKey;
import io.afina.lifecycle.AfinaException;
import io.afina.metrics.BatchMeters;
import io.afina.metrics.HeadMeters;
import io.afina.model.HeadCard;
import io.afina.model.HeadFile;
import io.afina.model.HeadFollower;
import io.afina.model.HeadSlot;
import io.afina.model.ModelLog;
import io.afina.model.SwapResult;
import io.afina.model.TrustedKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the backbones loaded that the registry names, so that a head of another one can take over:
 * first the slot takes the head, then whatever comes is embedded with its backbone. What was
 * embedded before is scored by the heads that are still in the slot.
 */
public final class RegistryBackbones implements HeadFollower.Backbones, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryBackbones.class);

  private final BackbonePool pool;
  private final HeadSlot slot;
  private final HeadMeters meters;
  private volatile Map<String, BackboneRecord> said = Map.of();
  private volatile Optional<MemberReporter> reporter = Optional.empty();

  RegistryBackbones(BackbonePool pool, HeadSlot slot, HeadMeters meters) {
    this.pool = pool;
    this.slot = slot;
    this.meters = meters;
  }

  /**
   * Loads the champion's backbone as the registry names it, or else that of the configuration.
   *
   * @param log stays the caller's; read to its end here
   * @throws AfinaException when the backbone cannot be loaded
   */
  public static RegistryBackbones open(
      AfinaConfig config, ModelLog log, BatchMeters batches, HeadMeters meters) {
    TrustedKeys trusted = TrustedKeys.read(config.classifier().verifyKey());
    log.readToEnd();
    BackbonePool pool = BackbonePool.open(config, firstAddress(config, log), batches);
    Backbone first = pool.loaded().get(0).backbone();
    HeadSlot slot = new HeadSlot(first.id(), first.card().embeddingSize(), trusted);
    return new RegistryBackbones(pool, slot, meters);
  }

  private static @Nullable String firstAddress(AfinaConfig config, ModelLog log) {
    String configured = config.backbone().address();
    String champion = championsBackbone(log).orElse("");
    BackboneRecord named = log.backbones().get(champion);
    if (named == null || isThere(config, champion)) {
      return configured;
    }
    LOG.atInfo()
        .addKeyValue("backbone", named.address())
        .addKeyValue("configured", BackboneResolver.absolute(configured))
        .log("the champion's backbone is loaded as the registry names it, not the configured one");
    return named.address();
  }

  private static Optional<String> championsBackbone(ModelLog log) {
    return log.alias(ModelKey.CHAMPION)
        .map(AliasRecord::version)
        .flatMap(log::head)
        .flatMap(HeadFile::card)
        .map(HeadCard::backbone);
  }

  /** What is configured may be gone since another backbone answers. */
  private static boolean isThere(AfinaConfig config, String backbone) {
    try {
      return new BackboneResolver(config.backbone())
          .resolve(config.backbone().address())
          .id()
          .equals(backbone);
    } catch (AfinaException e) {
      return false;
    }
  }

  /** The backbones that this process has loaded. */
  public BackbonePool pool() {
    return pool;
  }

  /** The heads on their embeddings. */
  public HeadSlot slot() {
    return slot;
  }

  /** Says from here on which backbones this process has loaded; closes the reporter. */
  public void reportTo(MemberReporter members) {
    reporter = Optional.of(members);
  }

  /** The backbones with which labelled pictures are embedded that have no embedding of theirs. */
  public Set<String> wanted() {
    Set<String> wanted = new HashSet<>(in(State.WANTED));
    if (said.containsKey(slot.answering())) {
      wanted.add(slot.answering());
    }
    return wanted;
  }

  /** The backbones whose embeddings are needed no more. */
  public Set<String> finished() {
    Set<String> finished = new HashSet<>(in(State.FINISHED));
    finished.remove(slot.answering());
    return finished;
  }

  private Set<String> in(State state) {
    return said.entrySet().stream()
        .filter(backbone -> backbone.getValue().state() == state)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** A champion took its place: whatever comes from now on is embedded with its backbone. */
  public void swapped(SwapResult result) {
    if (result instanceof SwapResult.Swapped swapped) {
      pool.answer(swapped.head().card().backbone());
    }
  }

  @Override
  public boolean follow(ModelLog log) {
    said = log.backbones();
    Map<String, String> addresses = new HashMap<>();
    said.forEach(
        (id, backbone) -> {
          if (backbone.state() != State.FINISHED) {
            addresses.put(id, backbone.address());
          }
        });
    pool.want(addresses);
    boolean more = false;
    for (LoadedBackbone loaded : pool.loaded()) {
      String id = loaded.backbone().id();
      if (finished().contains(id) && !championsBackbone(log).equals(Optional.of(id))) {
        slot.unload(id);
        pool.unload(id);
      } else {
        more |= slot.load(id, loaded.backbone().card().embeddingSize());
      }
    }
    meters.backbones(pool.loaded().size(), pool.refused().size());
    reporter.ifPresent(members -> members.report(pool));
    return more;
  }

  @Override
  public void close() {
    reporter.ifPresent(MemberReporter::close);
    pool.close();
  }
}
