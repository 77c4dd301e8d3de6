/** The command {@code afina dataset}. */
@NullMarked
package io.afina.cli.dataset;

import org.jspecify.annotations.NullMarked;
