/** The review items of this instance, and what was answered. */
@NullMarked
package io.afina.labelling.queue;

import org.jspecify.annotations.NullMarked;
