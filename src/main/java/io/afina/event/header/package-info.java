/** What headers say beside a record: its trace, what travels on, that it was put back. */
@NullMarked
package io.afina.event.header;

import org.jspecify.annotations.NullMarked;
