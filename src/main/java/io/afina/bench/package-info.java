/** Measures the speed of a classifier and of its parts on this machine. */
@NullMarked
package io.afina.bench;

import org.jspecify.annotations.NullMarked;
