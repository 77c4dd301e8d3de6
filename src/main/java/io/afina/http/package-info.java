/**
 * The one HTTP server of a process: how it starts, what it refuses with a problem document, TLS.
 */
@NullMarked
package io.afina.http;

import org.jspecify.annotations.NullMarked;
