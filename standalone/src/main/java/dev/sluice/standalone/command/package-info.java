/** The subcommands of sluice. */
@NullMarked
package dev.sluice.standalone.command;

import org.jspecify.annotations.NullMarked;
