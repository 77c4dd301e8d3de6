/** What starts, stops and is closed in reverse order; named threads; exit codes. */
@NullMarked
package io.afina.lifecycle;

import org.jspecify.annotations.NullMarked;
