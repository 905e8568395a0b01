/** Tests of which requests go the short way. */
@NullMarked
package dev.sluice.gateway.express;

import org.jspecify.annotations.NullMarked;
