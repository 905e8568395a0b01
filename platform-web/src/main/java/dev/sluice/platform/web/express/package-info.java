/** A short way past WebFlux for requests that a service takes: the same filters, on an exchange that costs nearly nothing. */
@NullMarked
package dev.sluice.platform.web.express;

import org.jspecify.annotations.NullMarked;
