package io.afina.chaos.check;

import static io.afina.DefaultTopics.TOPICS;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.afina.chaos.check.Finding.Kind;
import io.afina.chaos.check.History.Correction;
import io.afina.chaos.check.History.Example;
import io.afina.chaos.check.History.Image;
import io.afina.chaos.check.History.Reply;
import io.afina.event.DeadLetter.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Compares what is on the topics with what the plan wants and Afina promises. Pure; it knows
 * nothing of the faults: none of them excuses anything.
 */
public final class Checker {

  private final LongFunction<Expected> plan;
  private final Duration patience;

  /**
   * @param plan what must become of a record, by its number
   * @param patience how long a correction waits for its image at least
   */
  public Checker(LongFunction<Expected> plan, Duration patience) {
    this.plan = plan;
    this.patience = patience;
  }

  /** All that is wrong. */
  public List<Finding> check(History history) {
    List<Finding> findings = new ArrayList<>(new RecordChecks(history, plan, patience).run());
    findings.addAll(new HeadChecks(history, plan).run());
    findings.addAll(new Check(history).run());
    return findings;
  }

  /** Whether the plan wants a correction that cannot be read. */
  static boolean isMalformed(Correction correction, LongFunction<Expected> plan) {
    return correction.number() >= 0 && plan.apply(correction.number()) instanceof Expected.SetAside;
  }

  /** Corrections: by way of examples, and as answers of the labelling page. */
  private final class Check {

    private final History history;
    private final List<Finding> findings = new ArrayList<>();

    Check(History history) {
      this.history = history;
    }

    List<Finding> run() {
      joins();
      replies();
      return findings;
    }

    private void found(Kind kind, String what) {
      findings.add(new Finding(kind, what));
    }

    /** Every example can be explained by some order in which images and corrections met. */
    private void joins() {
      Map<String, List<Example>> examples =
          history.examples().stream().collect(groupingBy(Example::id));
      Map<String, List<Correction>> corrections =
          history.corrections().stream()
              .filter(correction -> correction.id() != null && !isMalformed(correction, plan))
              .collect(groupingBy(Correction::id));
      Map<String, List<Integer>> pictures = new HashMap<>();
      for (Image image : history.images()) {
        if (image.number() >= 0
            && plan.apply(image.number()) instanceof Expected.Predicted predicted) {
          pictures.computeIfAbsent(image.id(), id -> new ArrayList<>()).add(predicted.picture());
        }
      }
      Set<Place> givenUp = new HashSet<>();
      history.letters().stream()
          .filter(letter -> letter.topic().equals(TOPICS.corrections().name()))
          .filter(letter -> letter.reason() == Reason.NO_IMAGE)
          .forEach(letter -> givenUp.add(letter.of()));
      Set<String> ids = new TreeSet<>(corrections.keySet());
      ids.addAll(examples.keySet());
      for (String id : ids) {
        new JoinStory(
                id,
                pictures.getOrDefault(id, List.of()),
                corrections.getOrDefault(id, List.of()),
                examples.getOrDefault(id, List.of()),
                givenUp)
            .finding()
            .ifPresent(findings::add);
      }
    }

    /** An answer that the labelling page took is there, and none is there that nobody gave. */
    private void replies() {
      Map<String, Long> there =
          history.corrections().stream()
              .filter(correction -> correction.number() < 0 && correction.word() != null)
              .collect(
                  groupingBy(c -> said(c.id(), c.word().label(), c.word().labeller()), counting()));
      Map<String, List<Reply>> given =
          history.replies().stream()
              .collect(groupingBy(r -> said(r.id(), r.label(), r.labeller())));
      given.forEach(
          (answer, replies) -> {
            long accepted = replies.stream().filter(Reply::accepted).count();
            long kept = there.getOrDefault(answer, 0L);
            if (kept < accepted) {
              found(
                  Kind.LOST,
                  "answer %s was taken %d times, is there %d".formatted(answer, accepted, kept));
            } else if (kept > replies.size()) {
              found(
                  Kind.DOUBLED,
                  "answer %s was given %d times, is there %d"
                      .formatted(answer, replies.size(), kept));
            }
          });
      there.keySet().stream()
          .filter(answer -> !given.containsKey(answer))
          .forEach(
              answer -> found(Kind.INVENTED, "answer %s was given by nobody".formatted(answer)));
    }

    private static String said(String id, String label, String labeller) {
      return "%s=%s by %s".formatted(id, label, labeller);
    }
  }
}
