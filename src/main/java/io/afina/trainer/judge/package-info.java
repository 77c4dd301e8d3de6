/** Splits, evaluates and calibrates; decides whether a head is promoted. */
@NullMarked
package io.afina.trainer.judge;

import org.jspecify.annotations.NullMarked;
