/** Tries what is said of jobs: where they stand, whose they are, and which are remembered. */
@NullMarked
package dev.sluice.gateway.job;

import org.jspecify.annotations.NullMarked;
