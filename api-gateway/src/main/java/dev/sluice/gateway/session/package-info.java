/** Keeps the sessions of the tenants' own users. */
@NullMarked
package dev.sluice.gateway.session;

import org.jspecify.annotations.NullMarked;
