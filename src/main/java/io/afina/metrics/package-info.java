/** What is measured, declared a group a class, and the port where it and the health are read. */
@NullMarked
package io.afina.metrics;

import org.jspecify.annotations.NullMarked;
