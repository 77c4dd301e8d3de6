/** The labels that people use: their names, their states, and what became of them. */
@NullMarked
package io.afina.label;

import org.jspecify.annotations.NullMarked;
