package io.afina.trainer.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afina.model.Centroids;
import io.afina.trainer.data.Clusters;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CentroidFitterTest {

  @Test
  void shouldFindFarWhatNoLabelIsLike() {
    // given
    Clusters clusters = new Clusters(0.5).add(60, "ant", "bee", "cat");

    // when
    Centroids known = CentroidFitter.fit(clusters.examples());

    // then
    double limit = known.limit(0.95);
    assertThat(far(known, clusters, "ant", limit)).isLessThan(200);
    assertThat(far(known, clusters, "dog", limit)).isEqualTo(1000);
  }

  @Test
  void shouldNotCallTheNextExampleFarBecauseTheMeansWereMadeOfFew() {
    // given
    Clusters clusters = new Clusters(1).add(6, "ant", "bee");

    // when
    Centroids known = CentroidFitter.fit(clusters.examples());

    // then: three examples a label draw their mean towards themselves
    assertThat(far(known, clusters, "ant", known.limit(1))).isLessThan(400);
  }

  @Test
  void shouldAskSomeOfManyExamplesOnly() {
    // given
    Clusters clusters = new Clusters(0.5).add(5000, "ant", "bee", "cat");

    // when
    Centroids known = CentroidFitter.fit(clusters.examples());

    // then
    assertThat(far(known, clusters, "bee", known.limit(0.95))).isBetween(25, 75);
  }

  private static int far(Centroids known, Clusters clusters, String label, double limit) {
    return (int)
        IntStream.range(0, 1000)
            .filter(i -> known.distance(clusters.around(label)) > limit)
            .count();
  }
}
