/** The queue of review items of this instance, and the index of what was answered. */
@NullMarked
package io.afina.labelling.queue;

import org.jspecify.annotations.NullMarked;
