package io.afina.labelling.http;

import io.afina.config.AfinaConfig;
import io.afina.config.LabellingConfig;
import io.afina.label.LabelLog;
import io.afina.label.LabelTable;
import io.afina.labelling.CorrectionSender;
import io.afina.labelling.feed.AnswerFeed;
import io.afina.labelling.feed.Gallery;
import io.afina.labelling.feed.GalleryFeed;
import io.afina.labelling.feed.LabellingClients;
import io.afina.labelling.feed.LearningTimes;
import io.afina.labelling.feed.ModelFeed;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.feed.ReviewFeed;
import io.afina.labelling.grid.LabelledPictures;
import io.afina.labelling.queue.AnnotationIndex;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Assignments;
import io.afina.labelling.queue.ItemScorer;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.lifecycle.Closer;
import io.afina.model.Head;
import io.afina.model.ModelLog;
import io.afina.source.PictureSources;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Follows the topics of the labelling role, and holds what an instance knows from them. */
final class LabellingState implements AutoCloseable {

  final InstantSource clock = InstantSource.system();
  final LearningTimes times = new LearningTimes();
  final AnswerIndex answers;
  private final ItemScorer scorer = new ItemScorer();
  final AnnotationIndex annotations = new AnnotationIndex();
  final ReviewQueue queue;
  final CorrectionSender sender;
  final PictureSource pictures;
  final LabelledPictures labelled;
  final ModelFeed models;
  final LabelLog labels;
  final ReviewFeed review;
  final Gallery gallery;
  final GalleryFeed galleryFeed;

  /** Completes when a part of it ended; exceptionally when it failed. */
  final CompletableFuture<?> ended;

  private final Closer closer = new Closer();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Starts to follow. */
  LabellingState(AfinaConfig all, LabellingClients clients, MeterRegistry registry) {
    answers = new AnswerIndex(all.labelling().rememberedAnswers(), clock, ZoneId.systemDefault());
    gallery = new Gallery(all.labelling().galleryImages());
    queue = queue(all, scorer, clock);
    try {
      sender =
          closer.own(new CorrectionSender(all.topics().corrections().name(), clients.producer()));
      pictures = closer.own(pictures(all, clients, registry));
      labelled =
          closer.own(
              new LabelledPictures(
                  all.topics(), clients::follower, clients::single, all.labelling().alike()));
      models = closer.own(new ModelFeed(ModelLog.open(all), times, this::champion, this::changed));
      labels = closer.own(new LabelLog(all));
      labels.follow("afina-label-labels", this::called);
      AnswerFeed answerFeed = closer.own(answerFeed(all, clients));
      review =
          closer.own(
              new ReviewFeed(
                  all.topics(),
                  clients.reviewGroup(),
                  clients.admin(),
                  queue,
                  answers,
                  answerFeed,
                  models::suspects,
                  this::changed));
      galleryFeed = closer.own(galleryFeed(all, clients));
      ended =
          CompletableFuture.anyOf(
              review.ended(),
              answerFeed.ended(),
              galleryFeed.ended(),
              models.ended(),
              labels.ended());
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private AnswerFeed answerFeed(AfinaConfig all, LabellingClients clients) {
    return new AnswerFeed(
        all.topics(),
        clients.follower(),
        all.labelling().history(),
        answers,
        annotations,
        gallery,
        times,
        queue,
        this::changed);
  }

  private GalleryFeed galleryFeed(AfinaConfig all, LabellingClients clients) {
    return new GalleryFeed(
        all.topics(), clients.follower(), all.labelling().galleryImages(), gallery, this::changed);
  }

  private static ReviewQueue queue(AfinaConfig all, ItemScorer scorer, InstantSource clock) {
    LabellingConfig config = all.labelling();
    return new ReviewQueue(
        config.openItems(),
        new Assignments(all.trainer().labellers(), config.overlap(), config.assigned()),
        config.leasesPerLabeller(),
        config.lease(),
        scorer::score,
        clock);
  }

  private static PictureSource pictures(
      AfinaConfig all, LabellingClients clients, MeterRegistry registry) {
    return new PictureSource(
        all.topics().images().name(),
        clients::single,
        new PictureSources(all.pictures(), registry),
        all.labelling().pictureCacheBytes());
  }

  private void champion(Head head) {
    scorer.champion(head);
    queue.rescore();
  }

  private void called(LabelTable table) {
    answers.called(table);
    scorer.called(table);
    queue.rescore();
    changed();
  }

  /** Calls a listener after every change from now on. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Tells the listeners that something is different. */
  void changed() {
    listeners.forEach(Runnable::run);
  }

  /** Whether this instance knows all that it needs to hand out items, and may take answers. */
  boolean isWell() {
    return review.isCurrent() && !ended.isDone();
  }

  @Override
  public void close() {
    closer.close();
  }
}
