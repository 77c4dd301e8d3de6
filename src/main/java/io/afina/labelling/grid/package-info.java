/** Pictures that look alike, to be labelled at once. */
@NullMarked
package io.afina.labelling.grid;

import org.jspecify.annotations.NullMarked;
