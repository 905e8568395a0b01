/** Tests of where requests may lead. */
@NullMarked
package dev.sluice.platform.web.egress;

import org.jspecify.annotations.NullMarked;
