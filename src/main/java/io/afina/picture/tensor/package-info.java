/** The tensor that a network takes: how a picture becomes a square, colours, layout, memory. */
@NullMarked
package io.afina.picture.tensor;

import org.jspecify.annotations.NullMarked;
