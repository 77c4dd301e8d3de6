/** Pictures by reference: where they may be fetched from, and how. */
@NullMarked
package io.afina.source;

import org.jspecify.annotations.NullMarked;
