package dev.sluice.platform.web;

/**
 * What is wrong with one field.
 *
 * @param field path such as {@code data.items[2].name}, the name of a header, or of a query parameter
 * @param detail what is wrong and what to do
 */
public record FieldError(String field, String code, String detail) {

    public FieldError {
        // The name of a field that is not known may be anything that the client has at hand.
        field = SecretMask.mask(field);
        detail = SecretMask.mask(detail);
    }
}
