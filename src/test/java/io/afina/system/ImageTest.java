package io.afina.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image has no shell for {@code bin/afina}, so its Dockerfile says the same again. */
class ImageTest {

  private static final Pattern VARIABLE = Pattern.compile("export (\\w+)=\\$\\{\\w+:-(.+)}");
  private static final Pattern OPTION = Pattern.compile("(?<=\\s)-[DX][\\w.:+=]+");

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
}
