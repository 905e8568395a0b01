/** Batch work that a tenant asked for: what it is, how far it has come, and how it is stopped. */
@NullMarked
package dev.sluice.gateway.job;

import org.jspecify.annotations.NullMarked;
