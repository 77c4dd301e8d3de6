/** Runs the trainer: leadership, the training of candidates, and their promotion. */
@NullMarked
package io.afina.trainer;

import org.jspecify.annotations.NullMarked;
