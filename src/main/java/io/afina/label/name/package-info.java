/** Says when two spellings are one label. */
@NullMarked
package io.afina.label.name;

import org.jspecify.annotations.NullMarked;
