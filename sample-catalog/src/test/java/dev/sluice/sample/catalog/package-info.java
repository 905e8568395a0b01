/** The sample without a platform. */
@NullMarked
package dev.sluice.sample.catalog;

import org.jspecify.annotations.NullMarked;
