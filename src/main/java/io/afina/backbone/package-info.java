/** Cards, engines and devices of backbones: a tensor to its embedding. */
@NullMarked
package io.afina.backbone;

import org.jspecify.annotations.NullMarked;
