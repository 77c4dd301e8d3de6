package io.afina.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader in Python that {@code src/docs/heads.md} shows says what Afina says. */
class HeadReaderSnippetTest {

  private static final String PYTHON = "/usr/bin/python3";
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  @TempDir private Path folder;

  @BeforeEach
  void requireNumpy() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(PYTHON)), "there is no Python here");
    Process process = new ProcessBuilder(PYTHON, "-c", "import numpy").start();
    assumeTrue(process.waitFor() == 0, "there is no python3-numpy here");
  }

  @Test
  void shouldReadEveryFormAsAfinaDoes() throws Exception {
    // given
    float[] embedding = {0.25f, 1.5f, -0.5f};
    Path program = Files.writeString(folder.resolve("read.py"), program(embedding));
    for (Head head : Heads.forms(3, "ant", "bee", "cat")) {
      Files.write(folder.resolve("head.safetensors"), Heads.file(head));

      // when
      String[] said = run(program).trim().split(" ", -1);

      // then
      var expected = head.score(embedding).top(1).get(0);
      assertThat(said[0]).isEqualTo(expected.label());
      assertThat(Double.parseDouble(said[1])).isCloseTo(expected.confidence(), CLOSE);
    }
  }

  private static String program(float[] embedding) throws Exception {
    Matcher snippet =
        Pattern.compile("(?s)```python\n(.*?)```")
            .matcher(Files.readString(Path.of("src/docs/heads.md")));
    assertThat(snippet.find()).isTrue();
    return "import numpy as np\nembedding = np.array(%s)\n%s"
        .formatted(Arrays.toString(embedding), snippet.group(1));
  }

  private String run(Path program) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(PYTHON, program.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PYTHONPATH", Path.of("src/test/python").toAbsolutePath().toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
