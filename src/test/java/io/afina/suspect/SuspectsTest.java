package io.afina.suspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.event.Json;
import io.afina.event.Prediction.Score;
import io.afina.suspect.Suspects.Alike;
import io.afina.suspect.Suspects.Place;
import io.afina.suspect.Suspects.Suspect;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuspectsTest {

  @Test
  void shouldBeReadAsItWasWritten() {
    Suspects suspects = suspects(3, "image");
    assertThat(Json.readWhole(suspects.toBytes(), Suspects.class)).isEqualTo(suspects);
  }

  @Test
  void shouldFitIntoARecordHoweverManyThereAreAndHoweverLongTheirNames() {
    byte[] many = suspects(2000, "image").toBytes();
    byte[] long_ = suspects(2000, "i".repeat(1000)).toBytes();
    assertThat(Json.readWhole(many, Suspects.class).all()).hasSize(Suspects.MOST);
    assertThat(long_).hasSizeLessThanOrEqualTo(Suspects.LARGEST);
    assertThat(Json.readWhole(long_, Suspects.class).all()).isNotEmpty();
    assertThat(Json.readWhole(long_, Suspects.class).found()).isEqualTo(2000);
  }

  @Test
  void shouldCountThoseWhoDidNotSayWhoTheyAre() {
    assertThat(suspects(3, "image").byLabeller())
        .containsEntry("mia", 2)
        .containsEntry("unknown", 1);
  }

  private static Suspects suspects(int count, String name) {
    Place place = new Place(0, 7);
    return new Suspects(
        "ab".repeat(32),
        10_000,
        count,
        Instant.EPOCH,
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    new Suspect(
                        name + n,
                        0,
                        n,
                        "ant",
                        n % 3 == 1 ? List.of() : List.of("mia"),
                        Instant.EPOCH,
                        0.9,
                        List.of(new Score("bee", 0.9)),
                        place,
                        List.of(new Alike(name, "bee", place))))
            .toList());
  }
}
