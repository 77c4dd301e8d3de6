/** The command {@code afina labels}. */
@NullMarked
package io.afina.cli.labels;

import org.jspecify.annotations.NullMarked;
