/** What a picture file says of itself, read without decoding it. */
@NullMarked
package io.afina.picture.format;

import org.jspecify.annotations.NullMarked;
