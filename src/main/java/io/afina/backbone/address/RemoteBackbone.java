package io.afina.backbone.address;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a backbone's file is, and what may describe it.
 *
 * @param name of the file, without folders
 * @param commit of the hub's repository, or null elsewhere
 * @param card the address of the card of Afina's own form, if there may be one
 * @param descriptions addresses by the name of the file, for where there is no such card
 */
record RemoteBackbone(
    URI uri,
    String name,
    @Nullable String commit,
    List<URI> card,
    Map<String, List<URI>> descriptions) {

  /** How Hugging Face's networks are described: the pictures that they want, and what they are. */
  static final List<String> DESCRIPTIONS = List.of("preprocessor_config.json", "config.json");
}
