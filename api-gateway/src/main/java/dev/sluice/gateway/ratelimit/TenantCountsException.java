package dev.sluice.gateway.ratelimit;

/** The shared counts of one tenant cannot be used; those of others can. */
final class TenantCountsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TenantCountsException(Throwable cause) {
        super("the counts of this tenant cannot be used: " + cause.getMessage(), cause);
    }
}
