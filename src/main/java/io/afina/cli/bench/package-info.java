/** What a bench measured: the report, its arithmetic, its table and its page. */
@NullMarked
package io.afina.cli.bench;

import org.jspecify.annotations.NullMarked;
