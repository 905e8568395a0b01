package dev.sluice.gateway.proxy;

/** A fault on its way to the one who decides what becomes of it. Carries no stack trace: it is an outcome, not a bug. */
final class UpstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UpstreamFault fault;

    UpstreamException(UpstreamFault fault) {
        super(fault.text(), null, false, false);
        this.fault = fault;
    }

    UpstreamFault fault() {
        return fault;
    }
}
