package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afina.event.SafeTensors;
import io.afina.event.SafeTensors.Tensor;
import io.afina.lifecycle.AfinaException;
import io.afina.model.HeadRefusedException.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureTest {

  @TempDir Path folder;

  private Optional<HeadSigner> ours;
  private Optional<HeadSigner> theirs;
  private String ourPublic;
  private String theirPublic;
  private HeadSlot slot;

  @BeforeEach
  void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    KeyPair our = generator.generateKeyPair();
    KeyPair their = generator.generateKeyPair();
    ours = HeadSigner.read(write("ours", "PRIVATE KEY", our.getPrivate()));
    theirs = HeadSigner.read(write("theirs", "PRIVATE KEY", their.getPrivate()));
    ourPublic = write("ours-public", "PUBLIC KEY", our.getPublic());
    theirPublic = write("theirs-public", "PUBLIC KEY", their.getPublic());
    slot = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.read(ourPublic));
  }

  @Test
  void shouldPutAHeadInPlaceThatIsSigned() {
    slot.swap(1, HeadFile.write(Heads.identity(1, "ant", "bee"), ours));

    assertThat(slot.head().map(Head::version)).contains(1L);
  }

  @Test
  void shouldRefuseWhatNobodySigned() {
    assertThat(refusal(1, Heads.file(Heads.identity(1, "ant", "bee")))).isEqualTo(Refusal.UNSIGNED);
  }

  @Test
  void shouldRefuseWhatSomebodyElseSigned() {
    assertThat(refusal(1, HeadFile.write(Heads.identity(1, "ant", "bee"), theirs)))
        .isEqualTo(Refusal.FORGED);
  }

  @Test
  void shouldRefuseWhatWasChangedAfterItWasSignedThoughItsHashIsRight() throws Exception {
    byte[] signed = HeadFile.write(Heads.identity(1, "ant", "bee"), ours);

    assertThat(refusal(1, forged(signed, card -> card, true))).isEqualTo(Refusal.FORGED);
    assertThat(refusal(1, forged(signed, card -> card.replace("ant", "cat"), false)))
        .isEqualTo(Refusal.FORGED);
  }

  @Test
  void shouldRefuseAnOldHeadThatIsPassedOffAsANewOne() throws Exception {
    byte[] old = HeadFile.write(Heads.identity(1, "ant", "bee"), ours);
    byte[] renamed = forged(old, card -> card.replace("\"version\":1,", "\"version\":2,"), false);

    assertThat(refusal(2, old)).isEqualTo(Refusal.WRONG_VERSION);
    assertThat(refusal(2, renamed)).isEqualTo(Refusal.FORGED);
  }

  @Test
  void shouldTrustBothKeysWhileOneTakesThePlaceOfTheOther() throws Exception {
    Path both =
        Files.writeString(
            folder.resolve("both"),
            Files.readString(Path.of(ourPublic)) + Files.readString(Path.of(theirPublic)));
    HeadSlot rotating = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.read(both.toString()));

    rotating.swap(1, HeadFile.write(Heads.identity(1, "ant", "bee"), ours));
    rotating.swap(2, HeadFile.write(Heads.identity(2, "ant", "bee"), theirs));

    assertThat(rotating.head().map(Head::version)).contains(2L);
  }

  @Test
  void shouldAskForNoSignatureWithoutAKey() {
    HeadSlot open = new HeadSlot(Heads.BACKBONE, 2, TrustedKeys.read(null));

    open.swap(1, Heads.file(Heads.identity(1, "ant", "bee")));

    assertThat(open.head().map(Head::version)).contains(1L);
  }

  @Test
  void shouldSayWhichFileIsNoKey() throws Exception {
    String nothing = Files.writeString(folder.resolve("nothing"), "no key").toString();

    assertThatThrownBy(() -> HeadSigner.read(nothing))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("nothing has no PRIVATE KEY");
    assertThatThrownBy(() -> TrustedKeys.read(folder.resolve("none").toString()))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("cannot read the key file");
    assertThatThrownBy(() -> TrustedKeys.read(rsa()))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("not an Ed25519 public key");
  }

  private String rsa() throws Exception {
    return write(
        "rsa", "PUBLIC KEY", KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic());
  }

  private Refusal refusal(long version, byte[] blob) {
    return ((SwapResult.Refused) slot.swap(version, blob)).reason();
  }

  private interface Edit {
    String apply(String card);
  }

  /** Another card or other weights, with the old signature and a new hash. */
  private static byte[] forged(byte[] blob, Edit edit, boolean weights) throws Exception {
    SafeTensors file = SafeTensors.parse(blob);
    Map<String, Tensor> tensors = new LinkedHashMap<>(file.tensors());
    if (weights) {
      tensors.put("layers.0.weight", Tensor.of(new float[] {0, 1, 1, 0}, 2, 2));
    }
    String card = edit.apply(file.require("card"));
    assertThat(weights || !card.equals(file.require("card"))).isTrue();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(card.getBytes(StandardCharsets.UTF_8));
    tensors.values().forEach(tensor -> digest.update(tensor.data()));
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("card", card);
    metadata.put("sha256", HexFormat.of().formatHex(digest.digest()));
    return new SafeTensors(metadata, tensors).toBytes();
  }

  private String write(String name, String kind, Key key) throws Exception {
    String base64 = Base64.getMimeEncoder().encodeToString(key.getEncoded());
    return Files.writeString(
            folder.resolve(name),
            "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, base64))
        .toString();
  }
}
