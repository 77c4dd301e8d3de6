package io.afina.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

  /** Java out of memory, shells and container engines use what is outside of these. */
  private static final int FIRST = 64;

  private static final int LAST = 113;

  @Test
  void shouldBeNumbersThatNothingElseUses() {
    List<Integer> failures =
        Arrays.stream(ExitCode.values())
            .filter(code -> code != ExitCode.OK)
            .map(ExitCode::code)
            .toList();

    assertThat(ExitCode.OK.code()).isZero();
    assertThat(failures)
        .doesNotHaveDuplicates()
        .allSatisfy(code -> assertThat(code).isBetween(FIRST, LAST));
  }

  @Test
  void shouldBeInTheTableAndInTheReadme() throws IOException {
    // given
    Set<Integer> codes =
        Arrays.stream(ExitCode.values()).map(ExitCode::code).collect(Collectors.toSet());
    String readme = Files.readString(Path.of("README.md"));
    String section = readme.substring(readme.indexOf("## Exit codes"));

    // then
    assertThat(numbers("(?m)^\\| (\\d+) \\|", Path.of("src/docs/exit-codes.md")))
        .containsAll(codes);
    assertThat(codes).allSatisfy(code -> assertThat(section).containsPattern("\\b" + code + " "));
  }

  private static Set<Integer> numbers(String pattern, Path page) throws IOException {
    return Pattern.compile(pattern)
        .matcher(Files.readString(page))
        .results()
        .map(found -> Integer.valueOf(found.group(1)))
        .collect(Collectors.toSet());
  }
}
