package io.afina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, whose blocks marked {@code <!-- run: NAME -->} tests really run. */
public record Page(Path file) {

  /** The block of this name, as it stands on the page. */
  public String block(String name) {
    Pattern block =
        Pattern.compile(
            "<!-- run: " + Pattern.quote(name) + " -->\n```\\w*\n(.*?)\n```", Pattern.DOTALL);
    try {
      Matcher found = block.matcher(Files.readString(file));
      assertThat(found.find()).as("%s has a block %s", file, name).isTrue();
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
