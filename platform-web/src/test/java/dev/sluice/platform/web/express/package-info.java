/** Tests of the short way. */
@NullMarked
package dev.sluice.platform.web.express;

import org.jspecify.annotations.NullMarked;
