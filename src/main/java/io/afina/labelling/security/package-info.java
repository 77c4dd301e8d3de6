/** Who labels: users, sessions, passwords, limits. */
@NullMarked
package io.afina.labelling.security;

import org.jspecify.annotations.NullMarked;
