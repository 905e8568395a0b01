/** The rules of the house over all modules, each with a fixture that breaks it. */
@NullMarked
package dev.sluice.architecture;

import org.jspecify.annotations.NullMarked;
