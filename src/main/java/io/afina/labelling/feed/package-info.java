/** Reads topics for the labelling role: answers, review items, models, pictures. */
@NullMarked
package io.afina.labelling.feed;

import org.jspecify.annotations.NullMarked;
