/** What tests need from outside: a real Kafka, a real Redis, and fakes for time and randomness. */
@NullMarked
package dev.sluice.platform.test;

import org.jspecify.annotations.NullMarked;
