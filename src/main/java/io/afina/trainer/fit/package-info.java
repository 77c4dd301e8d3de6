/** Fitting a head to examples. */
@NullMarked
package io.afina.trainer.fit;

import org.jspecify.annotations.NullMarked;
