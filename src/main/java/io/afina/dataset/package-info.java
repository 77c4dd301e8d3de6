/** Labelled pictures as files: datasets of other tools, read and published, or written. */
@NullMarked
package io.afina.dataset;

import org.jspecify.annotations.NullMarked;
