/** Tests of what HTTP says of caching. */
@NullMarked
package dev.sluice.platform.web.caching;

import org.jspecify.annotations.NullMarked;
