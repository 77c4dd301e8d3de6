package io.afina.keeper;

import io.afina.backbone.PictureEmbedder;
import io.afina.config.AfinaConfig;
import io.afina.kafka.ConsumerGroups;
import io.afina.lifecycle.Closer;
import io.afina.lifecycle.Worker;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pictures of labelled images, embeds them with each backbone that is wanted, and drops
 * the embeddings of those that are finished: beside the classification, in threads of their own,
 * shared with the other classifiers of the group.
 */
public final class KeptPictures implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptPictures.class);
  private static final int SECONDS = 2;
  private static final int SHORT_HASH = 12;

  /** Dropping an embedding is a small record, and embeds nothing. */
  private static final double DROPS_PER_EMBEDDING = 50;

  private final Closer closer = new Closer();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AfinaConfig config;
  private final Backbones backbones;
  private final KeptPictureMeters meters;
  private final Map<String, GroupWorker> embedding = new HashMap<>();
  private final Map<String, GroupWorker> dropping = new HashMap<>();
  private final Set<String> forgotten = new HashSet<>();

  /** What the registry says of backbones, and those that are loaded; for any thread. */
  public interface Backbones {

    /** Those with which kept pictures are embedded, by their hashes. */
    Set<String> wanted();

    /** Those whose embeddings are not needed any more. */
    Set<String> finished();

    /** The embedder of one of them, if it is loaded. */
    Optional<PictureEmbedder> embedder(String backbone);
  }

  /** Starts all of it. */
  public KeptPictures(AfinaConfig config, MeterRegistry registry, Backbones backbones) {
    this.config = config;
    this.backbones = backbones;
    this.meters = new KeptPictureMeters(registry);
    try {
      if (config.pictures().kept()) {
        PictureKeeper keeper =
            new PictureKeeper(config, new PictureSources(config.pictures(), registry), meters);
        closer.own(
            worker(
                PictureKeeper.NAME,
                "keeper",
                config.topics().training().name(),
                keeper,
                config.pictures().keptRate()));
      }
      closer.own(new Worker("afina-backbones", this::run, stopped::countDown));
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  /** The group that embeds with a backbone: its offsets on {@code pictures} are the progress. */
  public static String embeddingGroup(AfinaConfig config, String backbone) {
    return group(config, ReEmbedder.NAME + "-" + backbone.substring(0, SHORT_HASH));
  }

  private static String group(AfinaConfig config, String suffix) {
    return config.classifier().applicationId() + "-" + suffix;
  }

  @Override
  public void close() {
    closer.close();
  }

  private void run() {
    try {
      while (!stopped.await(SECONDS, TimeUnit.SECONDS)) {
        follow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      retain(embedding, Set.of());
      retain(dropping, Set.of());
    }
  }

  private void follow() {
    try {
      Set<String> wanted = backbones.wanted();
      Set<String> finished = backbones.finished();
      retain(embedding, wanted);
      retain(dropping, finished);
      for (String backbone : wanted) {
        forgotten.remove(backbone);
        if (backbones.embedder(backbone).isPresent()) {
          embedding.computeIfAbsent(backbone, this::embed);
        }
      }
      for (String backbone : finished) {
        forget(backbone);
        dropping.computeIfAbsent(backbone, this::drop);
      }
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("work on kept pictures does not follow the registry: again");
    }
  }

  private GroupWorker embed(String backbone) {
    return worker(
        ReEmbedder.NAME,
        ReEmbedder.NAME + "-" + backbone.substring(0, SHORT_HASH),
        config.topics().pictures().name(),
        new ReEmbedder(backbone, () -> backbones.embedder(backbone)),
        config.backbone().upgradeRate());
  }

  private GroupWorker drop(String backbone) {
    return worker(
        EmbeddingDropper.NAME,
        EmbeddingDropper.NAME + "-" + backbone.substring(0, SHORT_HASH),
        config.topics().training().name(),
        new EmbeddingDropper(backbone, config.topics().training().values().deserializer()),
        config.backbone().upgradeRate() * DROPS_PER_EMBEDDING);
  }

  private GroupWorker worker(String name, String group, String topic, Work work, double rate) {
    return new GroupWorker(config, name, group(config, group), topic, work, new Pace(rate), meters);
  }

  /** Whoever wants the backbone again begins with the first picture: its embeddings are gone. */
  private void forget(String backbone) {
    if (!forgotten.contains(backbone)
        && ConsumerGroups.rewind(
            config, embeddingGroup(config, backbone), config.topics().pictures().name())) {
      forgotten.add(backbone);
    }
  }

  private static void retain(Map<String, GroupWorker> workers, Set<String> backbones) {
    workers
        .entrySet()
        .removeIf(
            each -> {
              if (backbones.contains(each.getKey())) {
                return false;
              }
              each.getValue().close();
              return true;
            });
  }
}
