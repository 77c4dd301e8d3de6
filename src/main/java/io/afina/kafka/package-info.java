/** One follower of a topic, client settings, admin calls, lag. */
@NullMarked
package io.afina.kafka;

import org.jspecify.annotations.NullMarked;
