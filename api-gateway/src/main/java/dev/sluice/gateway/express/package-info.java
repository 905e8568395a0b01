/** Which requests go the short way past WebFlux: those to routes. */
@NullMarked
package dev.sluice.gateway.express;

import org.jspecify.annotations.NullMarked;
