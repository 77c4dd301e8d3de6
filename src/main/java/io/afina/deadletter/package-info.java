/** Dead letters: read, and put back where they came from. */
@NullMarked
package io.afina.deadletter;

import org.jspecify.annotations.NullMarked;
