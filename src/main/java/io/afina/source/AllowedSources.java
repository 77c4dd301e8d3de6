package io.afina.source;

import io.afina.config.InvalidConfigException;
import io.afina.event.DeadLetter.Reason;
import io.afina.source.SourceUri.Scheme;
import java.util.List;
import java.util.stream.Stream;

/**
 * The places that pictures may be fetched from.
 *
 * @param prefixes addresses; what is at or below one of them is allowed, and nothing else
 */
record AllowedSources(List<SourceUri> prefixes) {

  /**
   * Parses the list of the configuration.
   *
   * @throws InvalidConfigException when one is no address, or has a query
   */
  static AllowedSources of(List<String> prefixes) {
    return new AllowedSources(prefixes.stream().map(AllowedSources::prefix).toList());
  }

  Stream<SourceUri> of(Scheme scheme) {
    return prefixes.stream().filter(prefix -> prefix.scheme() == scheme);
  }

  /**
   * Refuses what is not allowed.
   *
   * @throws FetchException when no prefix covers it
   */
  void require(SourceUri uri) throws FetchException {
    if (prefixes.stream().noneMatch(prefix -> prefix.covers(uri))) {
      throw FetchException.lasting(
          Reason.FORBIDDEN,
          "%s is at none of the places that pictures.sources allows".formatted(uri));
    }
  }

  private static SourceUri prefix(String text) {
    try {
      SourceUri prefix = SourceUri.parse(text);
      if (prefix.query() == null) {
        return prefix;
      }
    } catch (IllegalArgumentException e) {
      throw wrong(text, String.valueOf(e.getMessage()));
    }
    throw wrong(text, "has a query (?)");
  }

  private static InvalidConfigException wrong(String text, String why) {
    return new InvalidConfigException(
        "pictures.sources has %s, which %s: it must be such as s3://bucket/folder/, https://host/ or file:///folder/"
            .formatted(text, why));
  }
}
