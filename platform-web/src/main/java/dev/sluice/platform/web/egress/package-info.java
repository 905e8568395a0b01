/** Requests to URLs that tenants chose: which may be registered, and where connections may lead. */
@NullMarked
package dev.sluice.platform.web.egress;

import org.jspecify.annotations.NullMarked;
