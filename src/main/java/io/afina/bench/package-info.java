/** How much of the speed of a machine a classifier gives. */
@NullMarked
package io.afina.bench;

import org.jspecify.annotations.NullMarked;
