/** Heads: their file form, the registry over the topic models, aliases, the hot swap. */
@NullMarked
package io.afina.model;

import org.jspecify.annotations.NullMarked;
