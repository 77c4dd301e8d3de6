/** Decides which predictions may be used unseen, at a promised precision. */
@NullMarked
package io.afina.decide;

import org.jspecify.annotations.NullMarked;
