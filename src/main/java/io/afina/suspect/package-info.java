/** Names the training examples whose labels look wrong. */
@NullMarked
package io.afina.suspect;

import org.jspecify.annotations.NullMarked;
