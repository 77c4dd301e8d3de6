/** What the labelling role reads from topics. */
@NullMarked
package io.afina.labelling.feed;

import org.jspecify.annotations.NullMarked;
