/** Topics as code: read, plan, apply, verify. */
@NullMarked
package io.afina.topic;

import org.jspecify.annotations.NullMarked;
