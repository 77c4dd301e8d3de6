package io.afina.suspect;

import io.afina.event.Json;
import io.afina.event.JsonShape.Range;
import io.afina.event.Prediction.Score;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The training examples whose labels look wrong, as the trainer writes them to {@code models} after
 * each training.
 *
 * @param backbone whose embeddings tell it, by the SHA-256 of its file in hex
 * @param examples that were searched
 * @param found how many look wrong, those among them that are not listed
 * @param at when
 * @param all the most doubtful first
 */
public record Suspects(
    String backbone,
    @Range(low = 1) int examples,
    @Range int found,
    Instant at,
    List<Suspect> all) {

  /** The most that are listed. */
  public static final int MOST = 500;

  /** Stands for labellers who did not say who they are. */
  static final String UNKNOWN = "unknown";

  /** The most bytes of the record: a broker with Kafka's defaults takes 1 MB. */
  static final int LARGEST = 900_000;

  public Suspects {
    all = List.copyOf(all);
  }

  /**
   * An example whose label looks wrong.
   *
   * @param image its id
   * @param partition of {@code training} where it stands, as is the offset
   * @param label that was said
   * @param labellers who said it, as far as it is known
   * @param said when it came to the image
   * @param doubt 0 for certain, 1 for surely wrong
   * @param top what heads that have not seen it and the most alike examples say, the likeliest
   *     first
   * @param place where the picture is
   * @param alike the examples that are most alike, the nearest first
   */
  public record Suspect(
      String image,
      @Range int partition,
      @Range long offset,
      String label,
      List<String> labellers,
      Instant said,
      @Range(high = 1) double doubt,
      List<Score> top,
      Place place,
      List<Alike> alike) {

    public Suspect {
      labellers = List.copyOf(labellers);
      top = List.copyOf(top);
      alike = List.copyOf(alike);
    }
  }

  /** Another example, and its label. */
  public record Alike(String image, String label, Place place) {}

  /** Where an image event is on {@code images}. */
  public record Place(@Range int partition, @Range long offset) {}

  /** As JSON: as many as a record may hold. */
  public byte[] toBytes() {
    Suspects bounded = first(MOST);
    byte[] json = Json.write(bounded);
    while (json.length > LARGEST) {
      bounded = bounded.first(bounded.all.size() * 3 / 4);
      json = Json.write(bounded);
    }
    return json;
  }

  private Suspects first(int most) {
    return all.size() <= most
        ? this
        : new Suspects(backbone, examples, found, at, all.subList(0, most));
  }

  /** How many are listed of each label. */
  public Map<String, Integer> byLabel() {
    return counts(suspect -> Stream.of(suspect.label()));
  }

  /** How many are listed of each labeller; of those who did not say who they are as one. */
  public Map<String, Integer> byLabeller() {
    return counts(
        suspect ->
            suspect.labellers().isEmpty() ? Stream.of(UNKNOWN) : suspect.labellers().stream());
  }

  private Map<String, Integer> counts(Function<Suspect, Stream<String>> of) {
    return all.stream()
        .flatMap(of)
        .collect(Collectors.toMap(name -> name, name -> 1, Integer::sum, TreeMap::new));
  }
}
