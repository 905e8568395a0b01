/** Customers' endpoints: the API, the table in memory and what each endpoint matches. */
@NullMarked
package dev.sluice.webhook.endpoint;

import org.jspecify.annotations.NullMarked;
