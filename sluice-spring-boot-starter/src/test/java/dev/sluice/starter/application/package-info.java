/** An application of somebody else. */
@NullMarked
package dev.sluice.starter.application;

import org.jspecify.annotations.NullMarked;
