/** Routes to customers' upstreams: which request goes where, and on which terms. */
@NullMarked
package dev.sluice.gateway.route;

import org.jspecify.annotations.NullMarked;
