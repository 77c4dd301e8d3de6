/** Backbones at addresses of the network: fetching them once, into a cache. */
@NullMarked
package io.afina.backbone.address;

import org.jspecify.annotations.NullMarked;
