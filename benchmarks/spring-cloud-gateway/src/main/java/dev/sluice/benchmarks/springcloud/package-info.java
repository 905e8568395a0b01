/** Spring Cloud Gateway as its manual sets it up, to measure against. */
package dev.sluice.benchmarks.springcloud;
