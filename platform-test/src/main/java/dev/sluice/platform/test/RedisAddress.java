package dev.sluice.platform.test;

/** Where a Redis listens. */
record RedisAddress(String host, int port) {}
