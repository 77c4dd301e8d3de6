/** The command line, one class a command: the only place that wires. */
@NullMarked
package io.afina.cli;

import org.jspecify.annotations.NullMarked;
