package io.afina.dataset;

import io.afina.event.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Divides images into parts, such as train and test, by a hash of their ids: an image is in the
 * same part in every export, whatever else there is.
 *
 * @param shares by name; they add up to 1
 */
public record Splits(Map<String, Double> shares) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");
  private static final double ROUNDING = 1e-6;

  /** So that it is independent of other uses of the same hash, the trainer's judges among them. */
  private static final String SALT = "split/";

  public Splits {
    shares = new LinkedHashMap<>(shares);
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (Math.abs(sum - 1) > ROUNDING
        || shares.values().stream().anyMatch(share -> !(share >= 0))
        || !shares.keySet().stream().allMatch(name -> NAME.matcher(name).matches())) {
      throw new IllegalArgumentException(
          "splits are %s: write names of letters and digits with shares that add up to 1, such as train=0.8,test=0.2"
              .formatted(shares));
    }
  }

  /** The part of an image. */
  public String of(String id) {
    double at = Sha256.fraction((SALT + id).getBytes(StandardCharsets.UTF_8));
    double end = 0;
    String last = "";
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      end += share.getValue();
      last = share.getKey();
      if (at < end) {
        return last;
      }
    }
    return last;
  }
}
