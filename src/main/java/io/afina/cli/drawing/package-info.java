/** Pictures that are drawn and not photographed: what a demonstration learns from. */
@NullMarked
package io.afina.cli.drawing;

import org.jspecify.annotations.NullMarked;
