/** Takes values into the cache before anybody asks for them, as jobs that can be watched and stopped. */
@NullMarked
package dev.sluice.cache.warm;

import org.jspecify.annotations.NullMarked;
