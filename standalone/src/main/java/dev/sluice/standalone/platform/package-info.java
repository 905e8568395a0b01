/** The platform on one machine: its ports, its processes and the order in which they start and stop. */
@NullMarked
package dev.sluice.standalone.platform;

import org.jspecify.annotations.NullMarked;
