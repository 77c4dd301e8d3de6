package io.afina.labelling.queue;

import io.afina.config.Assignment;
import io.afina.event.Sha256;
import io.afina.label.name.LabelName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Who is asked about which images. Shares are chosen by hashes of image ids, so that all instances
 * choose the same.
 *
 * @param labellers how many are asked about an image at least
 * @param overlap share of the images that two are asked about at least
 * @param restricted who is asked about some images only
 */
public record Assignments(int labellers, double overlap, List<Assignment> restricted) {

  private static final int TWO = 2;

  public Assignments {
    restricted = List.copyOf(restricted);
  }

  /** As many labellers about every image, whoever they are. */
  public static Assignments of(int labellers) {
    return new Assignments(labellers, 0, List.of());
  }

  /** How many are asked about an image. */
  public int labellers(String image) {
    return overlap > 0 && fraction("overlap", image) < overlap
        ? Math.max(TWO, labellers)
        : labellers;
  }

  /** Whether a labeller is asked about an item. */
  boolean allow(String labeller, QueuedItem item) {
    List<Assignment> own =
        restricted.stream().filter(each -> each.labeller().equals(labeller)).toList();
    return own.isEmpty() || own.stream().anyMatch(each -> covers(each, item));
  }

  private static boolean covers(Assignment assignment, QueuedItem item) {
    String label = item.review().prediction().label();
    return (label != null && assignment.labels().contains(LabelName.key(label)))
        || (assignment.share() > 0
            && fraction(assignment.labeller(), item.image()) < assignment.share());
  }

  private static double fraction(String of, String image) {
    return Sha256.fraction((of + '\0' + image).getBytes(StandardCharsets.UTF_8));
  }
}
