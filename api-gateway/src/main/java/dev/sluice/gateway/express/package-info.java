/** The short way of requests to routes: the same filters as everywhere, on an exchange that costs nearly nothing. */
@NullMarked
package dev.sluice.gateway.express;

import org.jspecify.annotations.NullMarked;
