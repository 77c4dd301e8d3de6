/**
 * What is measured, declared a group a class, the port where it and the health are read, and where
 * spans go.
 */
@NullMarked
package io.afina.metrics;

import org.jspecify.annotations.NullMarked;
