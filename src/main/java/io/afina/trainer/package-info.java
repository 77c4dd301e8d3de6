/** Leadership, and the making and promoting of heads. */
@NullMarked
package io.afina.trainer;

import org.jspecify.annotations.NullMarked;
