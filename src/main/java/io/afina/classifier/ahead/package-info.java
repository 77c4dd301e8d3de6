/** Fetching, decoding and embedding what was polled, before the topology asks for it. */
@NullMarked
package io.afina.classifier.ahead;

import org.jspecify.annotations.NullMarked;
