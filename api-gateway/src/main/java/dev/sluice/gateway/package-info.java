/** The one way in: what stands before every request, and where each request goes. */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
