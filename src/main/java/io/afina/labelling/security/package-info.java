/** Access to the labelling page: users, passwords, sessions, roles and rate limits. */
@NullMarked
package io.afina.labelling.security;

import org.jspecify.annotations.NullMarked;
