/** Bytes to tensor to embedding. */
@NullMarked
package io.afina.inference;

import org.jspecify.annotations.NullMarked;
