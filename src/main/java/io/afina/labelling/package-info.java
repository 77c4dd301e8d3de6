/** The labelling page and its HTTP API: asks people, and sends what they say. */
@NullMarked
package io.afina.labelling;

import org.jspecify.annotations.NullMarked;
