/** HTTP/1.1 connections to upstreams: kept for each event loop, used for one request at a time. */
@NullMarked
package dev.sluice.gateway.connection;

import org.jspecify.annotations.NullMarked;
