/** Takes CloudEvents over HTTP and answers once they are on the log. */
@NullMarked
package dev.sluice.gateway.ingest;

import org.jspecify.annotations.NullMarked;
