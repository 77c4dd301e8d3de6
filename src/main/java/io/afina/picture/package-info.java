/** Bytes to limits to pixels to tensor. */
@NullMarked
package io.afina.picture;

import org.jspecify.annotations.NullMarked;
