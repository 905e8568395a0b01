/** Secrets that stand on the log sealed, with AES-256-GCM. */
@NullMarked
package dev.sluice.platform.kafka.seal;

import org.jspecify.annotations.NullMarked;
