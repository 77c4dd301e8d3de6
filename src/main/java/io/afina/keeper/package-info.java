/** Keeping the reduced pictures of labelled images, and embedding them anew. */
@NullMarked
package io.afina.keeper;

import org.jspecify.annotations.NullMarked;
