package io.afina.config;

import static io.afina.config.InvalidConfigException.require;
import static io.afina.config.InvalidConfigException.requireAtLeast;
import static io.afina.config.InvalidConfigException.requireBetween;
import static io.afina.config.InvalidConfigException.requireDevice;
import static io.afina.config.InvalidConfigException.requirePositive;
import static io.afina.config.InvalidConfigException.requireShare;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Configures the trainer.
 *
 * @param group names the trainers that elect one leader
 * @param minNewExamples trains as soon as so many examples are new
 * @param interval trains after this time even if fewer are new
 * @param head which form heads have, or that they race for it
 * @param hidden width of the hidden form's layer, or 0 where that form takes no part
 * @param seed of every random choice
 * @param minExamplesPerLabel a label with fewer examples is left out
 * @param maxLabels of a head; the rarest of more labels are left out
 * @param holdoutShare of the examples that is held out for evaluation, 0 to 0.5; 0 for
 *     cross-validation instead
 * @param maxAccuracyLoss how far the balanced accuracy of a candidate may fall behind the
 *     champion's, 0 to 1
 * @param maxLabelRegression how far the recall of one label may fall, 0 to 1
 * @param promote what promotes a candidate
 * @param shadowCorrections after so many corrections a challenger is judged
 * @param auditCorrections with so many corrections of randomly sampled pictures, the trial and the
 *     watchdog count only these
 * @param watchdog whether a champion that turns out worse is rolled back
 * @param watchdogWindow how many of the last corrections the watchdog counts
 * @param watchdogLimit how far the champion's accuracy on them may fall behind that of the one
 *     before it, 0 to 1
 * @param consensus how many labellers must agree: {@code last} or {@code majority:K}
 * @param suspects what becomes of examples whose labels look wrong, until somebody has looked
 * @param signingKey PEM file of the private key that heads are signed with, or null
 * @param device where heads are trained: {@code auto}, {@code cpu} or a GPU by its number, such as
 *     {@code gpu:0}
 * @param trainOnDrift whether it trains on fewer new examples while the pictures drift
 * @param driftShare drift begins when so many of the last pictures are novel, 0 to 1
 * @param driftWindow how many of the champion's last predictions are counted
 * @param driftExamples during drift it trains as soon as so many examples are new
 * @param driftInterval but not before this time after the last training
 */
public record TrainerConfig(
    String group,
    int minNewExamples,
    Duration interval,
    HeadForm head,
    int hidden,
    long seed,
    int minExamplesPerLabel,
    int maxLabels,
    double holdoutShare,
    double maxAccuracyLoss,
    double maxLabelRegression,
    Promote promote,
    int shadowCorrections,
    int auditCorrections,
    boolean watchdog,
    int watchdogWindow,
    double watchdogLimit,
    String consensus,
    SuspectUse suspects,
    @Nullable String signingKey,
    String device,
    boolean trainOnDrift,
    double driftShare,
    int driftWindow,
    int driftExamples,
    Duration driftInterval) {

  /** How many labellers of an image there must be at least before it is learned. */
  public int labellers() {
    return consensus.equals("last")
        ? 1
        : Integer.parseInt(consensus.substring(consensus.indexOf(':') + 1));
  }

  /** What promotes a candidate to champion; written in lower case. */
  public enum Promote {
    /** The gate alone. */
    @JsonProperty("gate")
    GATE,
    /** The gate makes it the challenger, and a trial on the next corrections the champion. */
    @JsonProperty("shadow")
    SHADOW
  }

  /** Whether examples whose labels look wrong are trained on; written in lower case. */
  public enum SuspectUse {
    /** They are. */
    @JsonProperty("keep")
    KEEP,
    /** They are not. */
    @JsonProperty("leave-out")
    LEAVE_OUT
  }

  /** The form of heads; written in lower case. */
  public enum HeadForm {
    /** The one that does best: they race when the examples have grown by a fifth. */
    @JsonProperty("auto")
    AUTO,
    /** The nearest mean of a label's examples. */
    @JsonProperty("means")
    MEANS,
    /** One dense layer. */
    @JsonProperty("dense")
    DENSE,
    /** Similarities to landmarks among the examples, then a dense layer. */
    @JsonProperty("kernel")
    KERNEL,
    /** Dense, ReLU, dense. */
    @JsonProperty("hidden")
    HIDDEN
  }

  public TrainerConfig {
    require(!group.isBlank(), "trainer.group", "blank", "a name");
    requireAtLeast("trainer.minNewExamples", minNewExamples, 1);
    requirePositive("trainer.interval", interval);
    requireWidth(head, hidden);
    requireAtLeast("trainer.minExamplesPerLabel", minExamplesPerLabel, 1);
    requireBetween("trainer.maxLabels", maxLabels, 2, 10_000);
    require(
        holdoutShare >= 0 && holdoutShare <= 0.5,
        "trainer.holdoutShare",
        holdoutShare,
        "between 0 and 0.5");
    requireShare("trainer.maxAccuracyLoss", maxAccuracyLoss);
    requireShare("trainer.maxLabelRegression", maxLabelRegression);
    requireAtLeast("trainer.shadowCorrections", shadowCorrections, 1);
    requireAtLeast("trainer.auditCorrections", auditCorrections, 1);
    requireAtLeast("trainer.watchdogWindow", watchdogWindow, 1);
    requireShare("trainer.watchdogLimit", watchdogLimit);
    require(
        consensus.matches("last|majority:[1-9][0-9]?"),
        "trainer.consensus",
        consensus,
        "last, or majority:K for K labellers who agree");
    requireDevice("trainer.device", device);
    requireShare("trainer.driftShare", driftShare);
    require(driftShare > 0, "trainer.driftShare", driftShare, "more than 0");
    requireBetween("trainer.driftWindow", driftWindow, 20, 100_000);
    requireAtLeast("trainer.driftExamples", driftExamples, 1);
    requirePositive("trainer.driftInterval", driftInterval);
  }

  private static void requireWidth(HeadForm head, int hidden) {
    requireBetween("trainer.hidden", hidden, 0, 65_536);
    require(
        head != HeadForm.HIDDEN || hidden > 0,
        "trainer.hidden",
        hidden,
        "the width of the layer, such as 1024, because trainer.head is hidden");
  }
}
