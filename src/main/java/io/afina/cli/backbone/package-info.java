/** The command {@code afina backbone}. */
@NullMarked
package io.afina.cli.backbone;

import org.jspecify.annotations.NullMarked;
