/** Keeps one child process running: when it counts as started, when it is started again, when it is given up. */
@NullMarked
package dev.sluice.standalone.supervise;

import org.jspecify.annotations.NullMarked;
