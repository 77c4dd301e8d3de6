/** The options that commands share, and what they print with. */
@NullMarked
package io.afina.cli.option;

import org.jspecify.annotations.NullMarked;
