/** The labelling page and its HTTP API. */
@NullMarked
package io.afina.labelling.http;

import org.jspecify.annotations.NullMarked;
