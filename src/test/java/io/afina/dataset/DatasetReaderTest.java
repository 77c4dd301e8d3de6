package io.afina.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.afina.labelling.feed.ImageIdLimit;
import io.afina.lifecycle.AfinaException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetReaderTest {

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeAFolderBesideASecret() throws IOException {
    folder = Files.createDirectories(temporary.resolve("dataset"));
    Files.writeString(temporary.resolve("secret.jpg"), "secret");
  }

  @Test
  void shouldTakeAFolderALabelWhereThereIsNoIndex() throws IOException {
    // given
    write("train/bee/1.jpg", "");
    write("test/ant/2.PNG", "");
    write("test/ant/notes.txt", "");
    write("test/.hidden/3.jpg", "");
    write("4.jpg", "");

    // then
    assertThat(labels())
        .containsExactlyInAnyOrder(
            tuple("train/bee/1.jpg", "bee"), tuple("test/ant/2.PNG", "ant"), tuple("4.jpg", null));
  }

  @Test
  void shouldReadTheMetadataOfImagefoldersAndCsv() throws IOException {
    // given
    write("train/a.jpg", "");
    write("test/b.jpg", "");
    write(
        "train/metadata.jsonl",
        """
        {"file_name": "a.jpg", "label": "bee", "id": "a", "labeller": "mia", "at": "2026-05-04T12:00:00Z", "other": 1}
        """);
    write("test/metadata.csv", "file_name,label\nb.jpg,\"bee, young\"\n");

    // when
    List<LabelledImage> images = read(folder).images();

    // then
    assertThat(images)
        .containsExactlyInAnyOrder(
            new LabelledImage(
                "a",
                "bee",
                "mia",
                Instant.parse("2026-05-04T12:00:00Z"),
                folder.resolve("train/a.jpg").toRealPath(),
                null),
            new LabelledImage(
                "test/b.jpg",
                "bee, young",
                null,
                null,
                folder.resolve("test/b.jpg").toRealPath(),
                null));
  }

  @Test
  void shouldReadTheOneCategoryOfAnImageInCocosForm() throws IOException {
    // given: as CVAT writes it
    write("images/train/a.jpg", "");
    write("images/train/sub/b.jpg", "");
    write("images/train/c.jpg", "");
    write(
        "annotations/instances_train.json",
        """
        {"categories": [{"id": 7, "name": "bee", "supercategory": ""}, {"id": 8, "name": "ant"}],
         "images": [{"id": 1, "file_name": "a.jpg", "width": 1}, {"id": 2, "file_name": "sub/b.jpg"}, {"id": 3, "file_name": "c.jpg"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]}, {"id": 2, "image_id": 1, "category_id": 7},
          {"id": 3, "image_id": 3, "category_id": 7}, {"id": 4, "image_id": 3, "category_id": 8}]}
        """);

    // when
    DatasetReader dataset = read(folder);

    // then
    assertThat(dataset.images())
        .extracting(LabelledImage::id, LabelledImage::label)
        .containsExactly(tuple("images/train/a.jpg", "bee"), tuple("images/train/sub/b.jpg", null));
    assertThat(dataset.errors()).singleElement().asString().contains("image 3", "[ant, bee]");
  }

  @Test
  void shouldReadTheChoicesOfLabelStudio() throws IOException {
    // given
    write("images/8f2c-a.jpg", "");
    write(
        "export.json",
        """
        [{"id": 1, "data": {"image": "/data/upload/1/8f2c-a.jpg"}, "annotations": [
           {"completed_by": {"id": 3, "email": "mia@example.com"}, "was_cancelled": false, "created_at": "2026-05-04T12:00:00.5Z",
            "result": [{"type": "choices", "from_name": "label", "value": {"choices": ["bee"]}}]},
           {"was_cancelled": true, "result": [{"type": "choices", "value": {"choices": ["ant"]}}]}]},
         {"id": 2, "data": {"image": "s3://bucket/b.jpg?x=1"}, "annotations": []},
         {"id": 3, "data": {"image": "http://page/c", "afina_id": "shop/c.jpg"}, "annotations": [
           {"completed_by": 7, "result": [{"type": "choices", "value": {"choices": ["ant"]}}]}]},
         {"id": 4, "image": "images/8f2c-a.jpg", "choice": "bee", "annotator": 1},
         {"id": 5, "data": {"image": "gone.jpg"}, "annotations": []}]
        """);

    // when
    DatasetReader dataset = read(folder.resolve("export.json"));

    // then
    assertThat(dataset.images())
        .extracting(
            LabelledImage::id, LabelledImage::label, LabelledImage::labeller, LabelledImage::uri)
        .containsExactly(
            tuple("images/8f2c-a.jpg", "bee", "mia@example.com", null),
            tuple("b.jpg", null, null, URI.create("s3://bucket/b.jpg?x=1")),
            tuple("shop/c.jpg", "ant", null, null));
    assertThat(dataset.errors())
        .satisfiesExactly(
            twice -> assertThat(twice).contains("task 4", "twice"),
            gone -> assertThat(gone).contains("task 5", "gone.jpg"));
  }

  @Test
  void shouldReadTheTagsOfCvat() throws IOException {
    // given
    write("images/a.jpg", "");
    write("images/train/b.jpg", "");
    write("images/c.jpg", "");
    write(
        "annotations.xml",
        """
        <?xml version="1.0" encoding="utf-8"?>
        <annotations><version>1.1</version><meta><task><labels><label><name>bee</name></label></labels></task></meta>
        <image id="0" name="a.jpg" width="6" height="4"><tag label="bee" source="manual"></tag><box label="wing" xtl="0"/></image>
        <image id="1" name="b.jpg" subset="train" width="6" height="4"><box label="ant" xtl="0"><attribute name="x">y</attribute></box></image>
        <image id="2" name="c.jpg" width="6" height="4"></image></annotations>
        """);

    // then
    assertThat(labels())
        .containsExactly(
            tuple("images/a.jpg", "bee"),
            tuple("images/train/b.jpg", "ant"),
            tuple("images/c.jpg", null));
  }

  @Test
  void shouldReadAnArchiveWithoutUnpackingIt() throws IOException {
    // given
    Path archive = zip("bee/1.jpg");

    // when
    try (DatasetReader dataset = read(archive)) {
      // then
      assertThat(dataset.images())
          .extracting(LabelledImage::id, LabelledImage::label)
          .containsExactly(tuple("bee/1.jpg", "bee"));
      Path file = Objects.requireNonNull(dataset.images().get(0).file());
      assertThat(DatasetFolder.bytes(file, 3)).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret.jpg", "a/../../secret.jpg", "link.jpg", "%s/secret.jpg", "\0", ""})
  void shouldLeadNowhereElse(String name) throws IOException {
    // given
    Files.createSymbolicLink(folder.resolve("link.jpg"), temporary.resolve("secret.jpg"));
    String json = "{\"file_name\": \"%s\", \"id\": \"x\"}\n";
    write(
        "metadata.jsonl",
        json.formatted(name.formatted(temporary.toString()).replace("\0", "\\u0000")));

    // when
    DatasetReader dataset = read(folder);

    // then
    assertThat(dataset.images()).isEmpty();
    assertThat(dataset.errors()).singleElement().asString().contains("there is no file");
  }

  @Test
  void shouldRefuseArchivesWithNamesThatLeadOut() throws IOException {
    // given
    Path archive = zip("../evil.jpg");

    // then
    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(AfinaException.class)
        .hasMessageContaining("cannot read the dataset");
  }

  @Test
  void shouldRefuseEntities() throws IOException {
    // given
    write(
        "annotations.xml",
        """
        <!DOCTYPE annotations [<!ENTITY secret SYSTEM "file://%s">]>
        <annotations><image name="a.jpg"><tag label="bee">&secret;</tag></image></annotations>
        """
            .formatted(temporary.resolve("secret.jpg")));

    // when
    DatasetReader dataset = read(folder);

    // then
    assertThat(dataset.images()).isEmpty();
    assertThat(dataset.errors()).singleElement().asString().doesNotContain("secret.jpg");
  }

  @Test
  void shouldSayWhatIsWrongAndWhere() throws IOException {
    // given
    write("a.jpg", "");
    write(
        "labels.csv",
        "file_name,id,label,at\na.jpg,a,bee,yesterday\na.jpg,b,"
            + "x".repeat(300)
            + ",\na.jpg,c\n");

    // when
    DatasetReader dataset = read(folder);

    // then
    assertThat(dataset.images()).extracting(LabelledImage::id).containsExactly("c");
    assertThat(dataset.errors())
        .satisfiesExactly(
            time -> assertThat(time).contains("labels.csv, row 1", "yesterday"),
            label -> assertThat(label).contains("row 2", "300"));
  }

  private List<Tuple> labels() throws IOException {
    try (DatasetReader dataset = read(folder)) {
      assertThat(dataset.errors()).isEmpty();
      return dataset.images().stream().map(image -> tuple(image.id(), image.label())).toList();
    }
  }

  private static DatasetReader read(Path path) throws IOException {
    return DatasetReader.open(path, new ImageIdLimit(1_000));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path zip(String name) throws IOException {
    Path archive = temporary.resolve("dataset.zip");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write("picture".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return archive;
  }
}
