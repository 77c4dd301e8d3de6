/** The classifier: its topology and its runner. */
@NullMarked
package io.afina.stream;

import org.jspecify.annotations.NullMarked;
