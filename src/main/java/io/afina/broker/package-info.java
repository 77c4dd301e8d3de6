/** The single-node Kafka inside the JVM, for the demo and the tests. */
@NullMarked
package io.afina.broker;

import org.jspecify.annotations.NullMarked;
