/** The command {@code afina topics}. */
@NullMarked
package io.afina.cli.topics;

import org.jspecify.annotations.NullMarked;
