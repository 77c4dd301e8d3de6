package io.afina.model;

import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;

/** Finds the heads that may become the champion: whatever classifiers would refuse, may not. */
record PublishedHeads(ModelLog log) {

  /**
   * Requires that a head was published.
   *
   * @throws AfinaException when there is none of that version
   */
  void requireThere(long version) {
    if (!log.versions().contains(version)) {
      throw new AfinaException(
          ExitCode.NOT_FOUND,
          "there is no head %d; 'afina models' lists those that there are".formatted(version));
    }
  }

  /**
   * The card of a head that classifiers can use.
   *
   * @throws AfinaException when there is none of that version, it cannot be read, or its backbone
   *     was given up
   */
  HeadCard require(long version) {
    requireThere(version);
    try {
      HeadCard card = HeadFile.read(log.head(version).orElseThrow()).card();
      BackboneRecord said = log.backbones().get(card.backbone());
      if (said != null && said.state() == State.FINISHED) {
        throw new AfinaException(
            ExitCode.NOT_FOUND,
            "head %d needs the backbone %s (%.12s), which was given up: ask for it again with 'afina backbone upgrade %s', then promote the head"
                .formatted(version, said.name(), card.backbone(), said.address()));
      }
      return card;
    } catch (HeadRefusedException e) {
      throw new AfinaException(
          ExitCode.NOT_FOUND, "head %d cannot be used: %s".formatted(version, e.why()), e);
    }
  }
}
