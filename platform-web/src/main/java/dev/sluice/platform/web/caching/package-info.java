/** What HTTP says of caching, read strictly. */
@NullMarked
package dev.sluice.platform.web.caching;

import org.jspecify.annotations.NullMarked;
