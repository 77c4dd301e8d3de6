package io.afina.labelling;

import io.afina.event.RecordId;
import io.afina.http.Problem;
import io.afina.labelling.ActionHistory.Action;
import io.afina.labelling.ActionHistory.Many;
import io.afina.labelling.ActionHistory.Passed;
import io.afina.labelling.ActionHistory.Said;
import io.afina.labelling.feed.PictureSource;
import io.afina.labelling.queue.AnswerIndex;
import io.afina.labelling.queue.Leased;
import io.afina.labelling.queue.QueuedItem;
import io.afina.labelling.queue.ReviewQueue;
import io.afina.metrics.LabellingMeters;
import io.opentelemetry.api.trace.Tracer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases review items to labellers, sends their answers to {@code corrections} and takes the last
 * ones back on demand. Safe for any thread.
 */
public final class LabellingService {

  private static final String GRID = "grid";
  private static final String SKIP = "skip";
  private static final String UNSURE = "unsure";

  private static final int CONFLICT = 409;

  private final ReviewQueue queue;
  private final AnswerIndex answers;
  private final PictureSource pictures;
  private final Runnable changed;
  private final LabellingMeters meters;
  private final ActionHistory history = new ActionHistory();
  private final AnswerSender sender;

  /**
   * A service over the queue of this instance.
   *
   * @param current whether this instance may take answers
   * @param changed told after every change
   */
  public LabellingService(
      ReviewQueue queue,
      AnswerIndex answers,
      CorrectionSender corrections,
      PictureSource pictures,
      BooleanSupplier current,
      Runnable changed,
      LabellingMeters meters,
      Tracer tracer,
      InstantSource clock) {
    this.queue = queue;
    this.answers = answers;
    this.pictures = pictures;
    this.changed = changed;
    this.meters = meters;
    this.sender =
        new AnswerSender(queue, answers, corrections, history, current, meters, tracer, clock);
  }

  /** Leases items to a page, and begins to read their pictures from Kafka. */
  public Leased take(String labeller, String page, int count, Set<RecordId> have) {
    Leased leased = queue.lease(labeller, page, count, have);
    leased.items().forEach(this::prefetch);
    changed.run();
    return leased;
  }

  /**
   * Stores what a labeller says.
   *
   * @throws Problem when the item is another's, was answered, or Kafka does not take the answer
   */
  public void answer(String labeller, RecordId id, String label, @Nullable String note) {
    history.did(labeller, sender.send(labeller, id, label, note));
    changed.run();
  }

  /**
   * Stores one label for several items and images, as one action.
   *
   * @param images of which nobody asks, or which the labeller has answered
   * @return the items that the labeller may not answer any more
   * @throws Problem when Kafka does not take an answer; those before it are stored
   */
  public List<RecordId> answerAll(
      String labeller, List<RecordId> ids, List<String> images, String label) {
    List<Said> done = new ArrayList<>();
    List<RecordId> lost = new ArrayList<>();
    try {
      for (RecordId id : ids) {
        try {
          done.add(sender.send(labeller, id, label, null));
        } catch (Problem e) {
          if (e.status() != CONFLICT) {
            throw e;
          }
          lost.add(id);
        }
      }
      images.forEach(image -> done.add(sender.changed(labeller, image, label)));
    } finally {
      if (!done.isEmpty()) {
        history.did(labeller, new Many(List.copyOf(done)));
        changed.run();
      }
    }
    return lost;
  }

  /**
   * Gives an item of a labeller who does not say to others.
   *
   * @param missing whether there is no picture to say anything of: then there is nothing to undo
   * @throws Problem when the labeller has no such item
   */
  public void pass(String labeller, RecordId id, boolean unsure, boolean missing) {
    QueuedItem item = queue.pass(id, labeller, unsure).orElseThrow(AnswerSender::gone);
    if (!missing) {
      history.did(labeller, new Passed(item, unsure));
    }
    meters.answered(unsure ? UNSURE : SKIP);
    changed.run();
  }

  /** Asks a labeller again about all that he passed on, as far as it is open. */
  public void askAgain(String labeller) {
    queue.passNoMore(labeller);
    changed.run();
  }

  /**
   * What was undone.
   *
   * @param action {@code label}, {@code change}, {@code grid}, {@code skip} or {@code unsure}
   * @param images how many
   * @param label that was given
   * @param said what the labeller says of the image now, if anything
   * @param item if the labeller has it again
   */
  public record Undone(
      String action,
      int images,
      String image,
      @Nullable String label,
      @Nullable String said,
      @Nullable QueuedItem item) {}

  /** Whether a labeller has done anything that can be undone. */
  public boolean canUndo(String labeller) {
    return history.hasDone(labeller);
  }

  /**
   * Undoes the last thing that a labeller did. Of an answer, what the labeller said before is said
   * again, or nothing; what others said stays.
   *
   * @throws Problem when there is nothing to undo
   */
  public Undone undo(String labeller, String page) {
    sender.requireCurrent();
    Action last =
        history
            .takeLast(labeller)
            .orElseThrow(() -> Problem.of(409, "nothing-to-undo", "there is nothing to undo"));
    try {
      Undone undone =
          last instanceof Said said
              ? undo(labeller, page, said)
              : last instanceof Many many
                  ? undo(labeller, page, many)
                  : undo(labeller, page, (Passed) last);
      meters.answered("undo");
      changed.run();
      return undone;
    } catch (RuntimeException e) {
      history.did(labeller, last);
      throw e;
    }
  }

  private Undone undo(String labeller, String page, Said said) {
    QueuedItem item = said.item();
    if (item == null) {
      sender.say(labeller, said.image(), said.before());
      return new Undone(AnswerSender.CHANGE, 1, said.image(), said.label(), said.before(), null);
    }
    long offset = sender.inTrace(item, () -> sender.say(labeller, said.image(), said.before()));
    Set<String> others = new HashSet<>(answers.labellers(said.image()));
    others.remove(labeller);
    boolean back = queue.restore(item, labeller, page, others, offset);
    return new Undone(
        AnswerSender.LABEL, 1, said.image(), said.label(), said.before(), back ? item : null);
  }

  private Undone undo(String labeller, String page, Many many) {
    many.all().forEach(said -> undo(labeller, page, said));
    Said first = many.all().get(0);
    return new Undone(GRID, many.all().size(), first.image(), first.label(), null, null);
  }

  private Undone undo(String labeller, String page, Passed passed) {
    QueuedItem item = passed.item();
    boolean back = queue.passNoMore(item, labeller, page, passed.unsure());
    String action = passed.unsure() ? UNSURE : SKIP;
    String said = sender.said(labeller, item.image());
    return new Undone(action, 1, item.image(), null, said, back ? item : null);
  }

  /**
   * Changes what a labeller says of an image.
   *
   * @param label null takes it back
   * @param any whether it may be an image of which the labeller has said nothing yet
   * @throws Problem when it may not, or Kafka does not take it
   */
  public void change(String labeller, String image, @Nullable String label, boolean any) {
    sender.requireCurrent();
    String before = sender.said(labeller, image);
    if (before == null && (!any || label == null)) {
      throw Problem.of(409, "not-answered", "you have not said anything of this image");
    }
    history.did(labeller, sender.changed(labeller, image, label));
    changed.run();
  }

  /** Begins to read the picture of an item from Kafka. */
  public void prefetch(QueuedItem item) {
    var position = item.review().prediction().image();
    // What fails is told when the picture is asked for.
    var unused =
        pictures
            .prefetch(new RecordId(position.partition(), position.offset()))
            .whenComplete(
                (picture, failure) -> {
                  if (failure == null && picture.isEmpty()) {
                    queue.drop(item.id());
                  }
                });
  }
}
