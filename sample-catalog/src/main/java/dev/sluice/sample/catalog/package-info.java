/** Products of a shop, from an origin that is slow to ask. */
@NullMarked
package dev.sluice.sample.catalog;

import org.jspecify.annotations.NullMarked;
