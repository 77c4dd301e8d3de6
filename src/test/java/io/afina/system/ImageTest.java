package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ImageTest {

  private static final Pattern VARIABLE = Pattern.compile("export (\\w+)=\\$\\{\\w+:-(.+)}");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)-[DX][\\w.:+=]+");

  /** The image has no shell for {@code bin/afina}, so its Dockerfile says the same again. */
  @Test
  void shouldSetUpJavaAsTheLauncherDoes() throws IOException {
    // given
    String launcher = Files.readString(Path.of("src", "main", "distribution", "bin", "afina"));
    String image = Files.readString(Path.of("src", "main", "docker", "Dockerfile"));

    // when
    List<String> variables =
        VARIABLE
            .matcher(launcher)
            .results()
            .map(found -> found.group(1) + "=" + found.group(2))
            .toList();
    List<String> options =
        OPTION.matcher(launcher).results().map(found -> '"' + found.group() + '"').toList();

    // then
    assertThat(variables).hasSizeGreaterThan(3);
    assertThat(options).hasSizeGreaterThan(2);
    assertThat(image).contains(variables).contains(options);
  }

  /**
   * With libraries for the CPU on the class path, DJL takes no others, and trains on the CPU
   * without a word.
   */
  @Test
  void shouldLeaveTheLibrariesForTheCpuOutOfTheImageForGpus() throws Exception {
    // given
    JsonNode trainer =
        new YAMLMapper()
            .readTree(Path.of("docker-compose.yml").toFile())
            .at("/services/trainer-gpu");
    Element pom = xml(Path.of("pom.xml"));
    String image = Files.readString(Path.of("src", "main", "docker", "Dockerfile"));

    // when
    String profile = trainer.at("/build/args/PROFILES").asText();

    // then
    assertThat(image).contains("mvn -q --batch-mode ${PROFILES:+-P$PROFILES} ");
    assertThat(xpath("//dependency[artifactId='pytorch-native-cpu']/scope", pom))
        .isEqualTo("${pytorch.native.scope}");
    assertThat(xpath("/project/properties/pytorch.native.scope", pom)).isEqualTo("runtime");
    assertThat(xpath("//profile[id='%s']/properties/pytorch.native.scope".formatted(profile), pom))
        .isEqualTo("test");
    assertThat(trainer.at("/image").asText()).isNotEqualTo("afina");
    assertThat(trainer.at("/command"))
        .extracting(JsonNode::asText)
        .contains("--set=trainer.device=gpu:0");
    assertThat(trainer.at("/volumes/0").asText())
        .endsWith(":" + trainer.at("/environment/DJL_CACHE_DIR").asText());
  }

  private static Element xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  private static String xpath(String path, Element from) throws XPathExpressionException {
    return XPathFactory.newInstance().newXPath().evaluate(path, from);
  }
}
