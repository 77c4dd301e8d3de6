/** The command line: {@code main} and the commands for pictures and corrections. */
@NullMarked
package io.afina.cli;

import org.jspecify.annotations.NullMarked;
