/** Tests of the short way. */
@NullMarked
package dev.sluice.gateway.express;

import org.jspecify.annotations.NullMarked;
