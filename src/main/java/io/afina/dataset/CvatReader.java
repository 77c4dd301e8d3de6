package io.afina.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the tags of images as CVAT exports them, "CVAT for images 1.1" (<a
 * href="https://docs.cvat.ai/docs/other/xml_format/">XML annotation format</a>). Without a tag an
 * image has the label of its shapes, if they have one. Entities and document types are refused.
 */
final class CvatReader {

  private CvatReader() {}

  static void read(Path file, Contents contents) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    try {
      XMLStreamReader xml =
          factory.createXMLStreamReader(new ByteArrayInputStream(DatasetFolder.index(file)));
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT && xml.getLocalName().equals("image")) {
          image(file, xml, contents);
        }
      }
    } catch (XMLStreamException e) {
      contents.wrong(contents.folder().name(file), "it is no XML: " + e.getMessage());
    }
  }

  private static void image(Path file, XMLStreamReader xml, Contents contents)
      throws XMLStreamException {
    String name = xml.getAttributeValue(null, "name");
    String subset = Objects.requireNonNullElse(xml.getAttributeValue(null, "subset"), "");
    Set<String> tags = new TreeSet<>();
    Set<String> shapes = new TreeSet<>();
    while (xml.next() != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("image")) {
      if (xml.isStartElement() && xml.getAttributeValue(null, "label") != null) {
        (xml.getLocalName().equals("tag") ? tags : shapes)
            .add(xml.getAttributeValue(null, "label"));
      }
    }
    String where = "%s, image %s".formatted(contents.folder().name(file), name);
    Set<String> labels = tags.isEmpty() ? shapes : tags;
    if (labels.size() > 1) {
      contents.wrong(where, "it has the labels %s: one is needed".formatted(labels));
    } else {
      Path images = file.resolveSibling("images");
      String label = labels.isEmpty() ? null : labels.iterator().next();
      contents.add(
          where,
          IndexRow.of(name, null, label),
          List.of(images.resolve(subset), images, file.resolveSibling("")));
    }
  }
}
