/** Compares backbones on labelled pictures, and checks a single one. */
@NullMarked
package io.afina.selection;

import org.jspecify.annotations.NullMarked;
