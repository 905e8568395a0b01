/** Tries the way to customers' upstreams: its rules alone, and over HTTP with upstreams of all manners. */
@NullMarked
package dev.sluice.gateway.proxy;

import org.jspecify.annotations.NullMarked;
