package dev.sluice.platform.web.egress;

import java.io.IOException;

/** A connection was not opened because of where it would have gone. It names no address: its text may reach a tenant. */
public final class BlockedAddressException extends IOException {

    private static final long serialVersionUID = 1;

    public BlockedAddressException() {
        super("the address is not allowed");
    }
}
