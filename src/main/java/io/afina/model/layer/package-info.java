/** The layers of a head as plain numbers, evaluated in Java. */
@NullMarked
package io.afina.model.layer;

import org.jspecify.annotations.NullMarked;
