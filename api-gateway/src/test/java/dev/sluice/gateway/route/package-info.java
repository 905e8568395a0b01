/** Tries the routes: how one is found, which are refused, and how they change. */
@NullMarked
package dev.sluice.gateway.route;

import org.jspecify.annotations.NullMarked;
