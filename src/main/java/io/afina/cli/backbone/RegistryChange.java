package io.afina.cli.backbone;

import io.afina.backbone.Backbone;
import io.afina.event.BackboneRecord;
import io.afina.event.BackboneRecord.State;
import io.afina.event.ClassifierMember;
import io.afina.event.ClassifierMember.Loaded;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import io.afina.model.HeadCard;
import io.afina.model.ModelLog;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides what the registry says of backbones from now on.
 *
 * @param models read to its end
 */
record RegistryChange(ModelLog models, String who, String why) {

  /**
   * One more is wanted, and the champion's stays.
   *
   * @param address of it, for every process
   * @param members what the classifiers have loaded
   * @throws AfinaException when it answers already, another is wanted, or nobody can say where the
   *     champion's is
   */
  Map<String, BackboneRecord> want(
      Backbone backbone, String address, Map<String, Optional<ClassifierMember>> members) {
    String champion = champion().backbone();
    if (champion.equals(backbone.id())) {
      throw refused("%s (%.12s) answers already".formatted(name(backbone), backbone.id()));
    }
    models
        .backbones()
        .forEach(
            (id, said) -> {
              if (said.state() == State.WANTED && !id.equals(backbone.id())) {
                throw refused(
                    "an upgrade to %s (%.12s) is under way: wait for it, or give it up with 'afina backbone upgrade --cancel'"
                        .formatted(said.name(), id));
              }
            });
    Map<String, BackboneRecord> changes = new LinkedHashMap<>();
    if (!models.backbones().containsKey(champion)) {
      changes.put(champion, former(champion, members));
    }
    changes.put(
        backbone.id(),
        new BackboneRecord(
            backbone.card().name(),
            address,
            backbone.card().embeddingSize(),
            backbone.card().licence(),
            State.WANTED,
            who,
            Instant.now(),
            why));
    return changes;
  }

  /** A classifier that is started after the swap must find it, for a rollback. */
  private BackboneRecord former(String id, Map<String, Optional<ClassifierMember>> members) {
    Loaded loaded =
        members.values().stream()
            .flatMap(Optional::stream)
            .flatMap(member -> member.loaded(id))
            .findFirst()
            .orElseThrow(
                () ->
                    refused(
                        "no running classifier says where the champion's backbone %.12s is: start one, of this version, and try again"
                            .formatted(id)));
    return new BackboneRecord(
        loaded.name(),
        loaded.address(),
        loaded.embeddingSize(),
        loaded.licence(),
        State.ANSWERING,
        who,
        Instant.now(),
        why);
  }

  /** Those that answered before are given up. */
  Map<String, BackboneRecord> finish() {
    champion();
    if (models.backbones().values().stream().anyMatch(said -> said.state() == State.WANTED)) {
      throw refused(
          "an upgrade is under way, whose head does not answer yet: 'afina backbone status' shows how far it is, 'afina backbone upgrade --cancel' gives it up");
    }
    return givenUp(said -> said.state() == State.ANSWERING, "no other backbone is loaded");
  }

  /** That which is wanted is given up. */
  Map<String, BackboneRecord> cancel() {
    return givenUp(said -> said.state() == State.WANTED, "no upgrade is under way");
  }

  private Map<String, BackboneRecord> givenUp(Predicate<BackboneRecord> which, String none) {
    String champion = UpgradeStatus.champion(models).map(HeadCard::backbone).orElse("");
    Map<String, BackboneRecord> changes = new LinkedHashMap<>();
    models
        .backbones()
        .forEach(
            (id, said) -> {
              if (which.test(said) && !id.equals(champion)) {
                changes.put(id, said.in(State.FINISHED, who, Instant.now(), why));
              }
            });
    if (changes.isEmpty()) {
      throw refused(none);
    }
    return changes;
  }

  private HeadCard champion() {
    return UpgradeStatus.champion(models)
        .orElseThrow(
            () ->
                refused(
                    "no head answers yet, so there is nothing to keep: start the classifiers with --backbone"));
  }

  private static String name(Backbone backbone) {
    return backbone.card().name();
  }

  private static AfinaException refused(String why) {
    return new AfinaException(ExitCode.USAGE, why);
  }
}
