/** Pictures that are drawn and not photographed: what a demonstration learns from. */
@NullMarked
package io.afina.demo;

import org.jspecify.annotations.NullMarked;
