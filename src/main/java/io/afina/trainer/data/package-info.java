/** The training examples: read from their topic, kept, and seen as sets. */
@NullMarked
package io.afina.trainer.data;

import org.jspecify.annotations.NullMarked;
