/** How changes of the tables on the log are made and answered. */
@NullMarked
package dev.sluice.gateway.table;

import org.jspecify.annotations.NullMarked;
