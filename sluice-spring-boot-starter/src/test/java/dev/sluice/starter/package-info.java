/** The starter as an application has it. */
@NullMarked
package dev.sluice.starter;

import org.jspecify.annotations.NullMarked;
