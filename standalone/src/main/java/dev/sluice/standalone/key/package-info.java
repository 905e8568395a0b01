/** Development keys and tenants, made through the platform's own admin API. */
@NullMarked
package dev.sluice.standalone.key;

import org.jspecify.annotations.NullMarked;
