/** What a platform leaves in its state folder: data, logs, keys, secrets, and who runs. */
@NullMarked
package dev.sluice.standalone.state;

import org.jspecify.annotations.NullMarked;
