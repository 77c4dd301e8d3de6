/** The command {@code afina dead-letters}. */
@NullMarked
package io.afina.cli.deadletters;

import org.jspecify.annotations.NullMarked;
