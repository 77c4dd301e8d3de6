/** Erasing images: where they are on topics, what can be removed, and what only time removes. */
@NullMarked
package io.afina.erasure;

import org.jspecify.annotations.NullMarked;
