/** What the gateway's proxy is measured against, each a process of its own. */
@NullMarked
package dev.sluice.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
