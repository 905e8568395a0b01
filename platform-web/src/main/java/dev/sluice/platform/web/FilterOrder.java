package dev.sluice.platform.web;

/** In which order the web filters stand, first to last. */
public final class FilterOrder {

    public static final int REQUEST_CONTEXT = -1000;
    public static final int ACCESS_LOG = -900;
    public static final int SECURITY_HEADERS = -800;
    public static final int STRICT_REQUEST = -700;
    public static final int ROUTE = -650;
    public static final int BODY = -640;
    public static final int AUTHENTICATION = -600;
    public static final int LIMIT = -500;

    private FilterOrder() {}
}
