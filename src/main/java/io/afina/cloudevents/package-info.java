/** CloudEvents in Kafka's binary mode: images that are some, predictions that become some. */
@NullMarked
package io.afina.cloudevents;

import org.jspecify.annotations.NullMarked;
