/** Selects the images that people are asked to label. */
@NullMarked
package io.afina.review;

import org.jspecify.annotations.NullMarked;
