/** Who may ask for what: every request is authenticated and its scope checked before anything else sees it. */
@NullMarked
package dev.sluice.gateway.auth;

import org.jspecify.annotations.NullMarked;
