/** Reads the training examples from their topic and keeps them as a dataset. */
@NullMarked
package io.afina.trainer.data;

import org.jspecify.annotations.NullMarked;
