/** The command {@code afina bench} and those that it starts. */
@NullMarked
package io.afina.cli.bench;

import org.jspecify.annotations.NullMarked;
