package dev.sluice.platform.web.egress;

/** What a client speaks to servers by https; in clear it is HTTP/1.1 always. */
public enum Dialect {
    HTTP_1_1,
    /** HTTP/2 with who takes it (ALPN, RFC 7301), HTTP/1.1 with the others. */
    HTTP_2_OR_1_1
}
