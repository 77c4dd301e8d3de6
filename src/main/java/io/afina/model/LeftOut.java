package io.afina.model;

import io.afina.event.JsonShape.Range;
import java.util.List;

/**
 * Labels that a head was not trained on, because there are more than it may have.
 *
 * @param labels how many
 * @param examples they have together
 * @param most the names of those with the most examples, most first
 */
public record LeftOut(@Range int labels, @Range int examples, List<String> most) {

  public LeftOut {
    most = List.copyOf(most);
  }
}
