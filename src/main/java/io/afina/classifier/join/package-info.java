/** The join of images with their corrections, at the home partition of their id. */
@NullMarked
package io.afina.classifier.join;

import org.jspecify.annotations.NullMarked;
