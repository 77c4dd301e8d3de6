/** Cards of backbones: what a network takes and gives, read from its own card or a model hub's. */
@NullMarked
package io.afina.backbone.card;

import org.jspecify.annotations.NullMarked;
