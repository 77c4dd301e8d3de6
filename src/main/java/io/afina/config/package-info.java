/** One validated tree of records, read from one commented file of defaults. */
@NullMarked
package io.afina.config;

import org.jspecify.annotations.NullMarked;
