/** The records on the topics and their serdes. */
@NullMarked
package io.afina.event;

import org.jspecify.annotations.NullMarked;
