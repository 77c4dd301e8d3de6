/** Which examples judge, what heads answered to them, and whether a head may answer. */
@NullMarked
package io.afina.trainer.judge;

import org.jspecify.annotations.NullMarked;
