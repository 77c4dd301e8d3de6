/** How the log is written: as JSON, without routine and repeated lines, and the audit trail. */
@NullMarked
package io.afina.log;

import org.jspecify.annotations.NullMarked;
