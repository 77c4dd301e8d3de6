/** The report of a bench, its arithmetic, its table and its page. */
@NullMarked
package io.afina.bench.report;

import org.jspecify.annotations.NullMarked;
