package io.afina.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The value on {@code members}: which backbones a classifier has loaded.
 *
 * @param backbones that are loaded, that which answers first
 * @param refused why backbones that it should load could not be, by their id
 * @param version of Afina
 * @param at when it said so
 */
public record ClassifierMember(
    List<Loaded> backbones, Map<String, String> refused, String version, Instant at) {

  public ClassifierMember {
    backbones = List.copyOf(backbones);
    refused = Map.copyOf(refused);
  }

  /**
   * A loaded backbone.
   *
   * @param id the SHA-256 of its file in hex
   * @param address from which it was loaded
   */
  public record Loaded(String id, String name, String address, int embeddingSize, String licence) {}

  /** Whether a backbone is loaded. */
  public boolean has(String backbone) {
    return loaded(backbone).findAny().isPresent();
  }

  /** A backbone, if it is loaded. */
  public Stream<Loaded> loaded(String backbone) {
    return backbones.stream().filter(loaded -> loaded.id().equals(backbone));
  }

  /** The same but for the time. */
  public boolean saysTheSame(ClassifierMember other) {
    return backbones.equals(other.backbones())
        && refused.equals(other.refused())
        && version.equals(other.version());
  }
}
