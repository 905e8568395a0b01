/** Tests of what is known of addresses. */
@NullMarked
package dev.sluice.gateway.address;

import org.jspecify.annotations.NullMarked;
