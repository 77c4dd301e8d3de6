/** The dataset, the training, the judging and the promoting of heads. */
@NullMarked
package io.afina.trainer;

import org.jspecify.annotations.NullMarked;
