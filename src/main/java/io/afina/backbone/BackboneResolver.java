package io.afina.backbone;

import io.afina.backbone.address.BackboneFetcher;
import io.afina.backbone.card.BackboneCard;
import io.afina.backbone.card.BackboneEngine;
import io.afina.backbone.card.HubCard;
import io.afina.config.BackboneConfig;
import io.afina.config.ConfigLoader;
import io.afina.lifecycle.AfinaException;
import io.afina.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves the address of a backbone. */
public final class BackboneResolver {

  private static final String BUNDLED = "bundled:";
  private static final String ZOO = "djl://";
  private static final String DEFAULT = "small_res_112.onnx";

  private final BundledBackbones bundled;
  private final BackboneConfig config;

  /** Resolves with the defaults of the configuration. */
  public BackboneResolver() {
    this(ConfigLoader.defaults().load().backbone());
  }

  /** Unpacks bundled backbones to the system's folder for temporary files, fetches to the cache. */
  public BackboneResolver(BackboneConfig config) {
    this(BundledBackbones.temporary(), config);
  }

  BackboneResolver(BundledBackbones bundled, BackboneConfig config) {
    this.bundled = bundled;
    this.config = config;
  }

  /**
   * The backbone at an address.
   *
   * @param address {@code bundled:<file>}; {@code hf://} and {@code https://} addresses, fetched
   *     once; a {@code djl://} address of DJL's model zoo, fetched once and kept in DJL's cache;
   *     the path of a {@code .pt} or {@code .onnx} file that has its card beside it, such as {@code
   *     x.onnx.json}, or a model hub's; or null for the one that comes with Afina
   * @throws AfinaException when there is none, it cannot be reached, or its card does not fit it
   */
  public Backbone resolve(@Nullable String address) {
    Backbone backbone = find(address);
    if (config.sha256() != null
        && Objects.equals(address, config.address())
        && !backbone.id().equals(config.sha256())) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "the backbone %s has SHA-256 %s and backbone.sha256 is %s: take the one that is meant, or correct the setting"
              .formatted(name(address), backbone.id(), config.sha256()));
    }
    return backbone;
  }

  private Backbone find(@Nullable String address) {
    if (address == null) {
      return bundled.unpack(DEFAULT);
    }
    if (address.startsWith(BUNDLED)) {
      return bundled.unpack(address.substring(BUNDLED.length()));
    }
    if (BackboneFetcher.isRemote(address)) {
      return file(new BackboneFetcher(config).fetch(pinned(address)));
    }
    return address.startsWith(ZOO) ? ZooBackbone.fetch(address) : file(Path.of(address));
  }

  private String pinned(String address) {
    return config.sha256() != null && address.equals(config.address()) && !address.contains("#")
        ? address + "#sha256=" + config.sha256()
        : address;
  }

  /**
   * The name of the backbone at an address, whether or not there is one: without folders, and
   * without what may be a secret.
   */
  public static String name(@Nullable String address) {
    if (address == null) {
      return BUNDLED + DEFAULT;
    }
    String plain = BackboneFetcher.isRemote(address) ? address.replaceFirst("[?#].*", "") : address;
    return plain.substring(plain.lastIndexOf('/') + 1);
  }

  /** The same address for every process of a machine: of a file, without the current folder. */
  public static String absolute(@Nullable String address) {
    if (address == null) {
      return BUNDLED + DEFAULT;
    }
    return address.startsWith(BUNDLED) || address.contains("://")
        ? address
        : Path.of(address).toAbsolutePath().normalize().toString();
  }

  private static Backbone file(Path file) {
    BackboneEngine.ofFile(file.toString());
    requireFile(file, "the backbone", "name a file that exists, or leave --backbone out");
    Path card = Path.of(file + ".json");
    Optional<HubCard> hub = Files.exists(card) ? Optional.empty() : HubCard.beside(file);
    if (hub.isPresent()) {
      return MeasuredBackbone.of(file, hub.get());
    }
    requireFile(
        card,
        "the card of the backbone",
        "write it as src/docs/backbones.md shows, or put the model hub's preprocessor_config.json or config.json there");
    return Backbone.of(file, BackboneCard.read(card.toString(), read(card)));
  }

  private static void requireFile(Path file, String what, String remedy) {
    if (!Files.isRegularFile(file)) {
      throw new AfinaException(
          ExitCode.BACKBONE, "there is no file %s, %s: %s".formatted(file, what, remedy));
    }
  }

  private static byte[] read(Path card) {
    try {
      return Files.readAllBytes(card);
    } catch (IOException e) {
      throw new AfinaException(
          ExitCode.BACKBONE,
          "cannot read the card %s (%s): make it readable".formatted(card, e),
          e);
    }
  }
}
