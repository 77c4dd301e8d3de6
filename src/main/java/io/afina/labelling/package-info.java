/** The labelling service: review items out, corrections in, and what was learned of them. */
@NullMarked
package io.afina.labelling;

import org.jspecify.annotations.NullMarked;
