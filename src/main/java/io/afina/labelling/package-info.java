/** What labellers do: get a picture, answer, see what was learned. */
@NullMarked
package io.afina.labelling;

import org.jspecify.annotations.NullMarked;
