/** The command {@code afina models}. */
@NullMarked
package io.afina.cli.models;

import org.jspecify.annotations.NullMarked;
