/** How long a revoked key is still taken, as seen by its callers. */
@NullMarked
package dev.sluice.benchmarks.revocation;

import org.jspecify.annotations.NullMarked;
