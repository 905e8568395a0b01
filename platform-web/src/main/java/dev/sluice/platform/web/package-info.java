/** How every service answers HTTP: problems, strict decoding, request ids, identity, headers and server settings. */
@NullMarked
package dev.sluice.platform.web;

import org.jspecify.annotations.NullMarked;
