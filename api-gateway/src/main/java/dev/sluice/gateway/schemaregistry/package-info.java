/** The read side of the Confluent Schema Registry API, from the committed schemas. */
@NullMarked
package dev.sluice.gateway.schemaregistry;

import org.jspecify.annotations.NullMarked;
