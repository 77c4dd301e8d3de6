/** The backbones that a process has loaded: one, or two while one replaces the other. */
@NullMarked
package io.afina.backbone.pool;

import org.jspecify.annotations.NullMarked;
