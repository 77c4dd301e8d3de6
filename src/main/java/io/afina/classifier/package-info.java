/** The classifier topology, its processors and stores, and its runner. */
@NullMarked
package io.afina.classifier;

import org.jspecify.annotations.NullMarked;
