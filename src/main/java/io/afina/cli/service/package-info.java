/** The commands that run until they are stopped, and the wiring of the roles. */
@NullMarked
package io.afina.cli.service;

import org.jspecify.annotations.NullMarked;
