/** Tests of the sessions. */
@NullMarked
package dev.sluice.gateway.session;

import org.jspecify.annotations.NullMarked;
