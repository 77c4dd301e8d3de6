/** Publishes labelled pictures, plays the labeller and keeps the score. */
@NullMarked
package io.afina.replay;

import org.jspecify.annotations.NullMarked;
