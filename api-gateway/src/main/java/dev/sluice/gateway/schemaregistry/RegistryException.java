package dev.sluice.gateway.schemaregistry;

import dev.sluice.platform.web.SecretMask;

/** A refusal in the registry's own terms: an error code whose first three digits are the HTTP status. */
final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String message;

    private RegistryException(int code, String message) {
        super(SecretMask.mask(message), null, false, false);
        this.code = code;
        this.message = SecretMask.mask(message);
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryException versionNotFound(int version) {
        return new RegistryException(40402, "Version " + version + " not found.");
    }

    static RegistryException schemaNotFound() {
        return new RegistryException(40403, "Schema not found");
    }

    static RegistryException schemaNotFound(int id) {
        return new RegistryException(40403, "Schema " + id + " not found");
    }

    static RegistryException compatibilityNotFound(String subject) {
        return new RegistryException(
                40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryException modeNotFound(String subject) {
        return new RegistryException(40409, "Subject '" + subject + "' does not have subject-level mode configured");
    }

    static RegistryException invalidSchema(String detail) {
        return new RegistryException(42201, "Invalid schema: " + detail);
    }

    static RegistryException invalidVersion() {
        return new RegistryException(
                42202,
                "The specified version is not a valid version id. Allowed values are between [1, 2^31-1] and the string"
                        + " \"latest\"");
    }

    static RegistryException readOnly(String subject) {
        return new RegistryException(
                42205, "Subject " + subject + " is in read-only mode; its schemas are committed with the platform");
    }

    static RegistryException badRequest(String detail) {
        return new RegistryException(400, detail);
    }

    static RegistryException notFound() {
        return new RegistryException(404, "HTTP 404 Not Found");
    }

    static RegistryException methodNotAllowed() {
        return new RegistryException(405, "HTTP 405 Method Not Allowed");
    }

    static RegistryException notAcceptable() {
        return new RegistryException(406, "HTTP 406 Not Acceptable");
    }

    int code() {
        return code;
    }

    String message() {
        return message;
    }

    int status() {
        return code < 1000 ? code : code / 100;
    }
}
