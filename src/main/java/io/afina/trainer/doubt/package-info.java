/** Tells which labels look wrong to the other examples. */
@NullMarked
package io.afina.trainer.doubt;

import org.jspecify.annotations.NullMarked;
