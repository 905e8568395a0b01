package dev.sluice.webhook.signing;

/** A key that signs webhooks. Its text form shows it whole; {@code toString} never does. */
public sealed interface SigningKey permits SymmetricKey, Ed25519Key {

    /** Reads a key by its prefix. The message of a refusal never holds the text. */
    static SigningKey parse(String text) {
        return text.startsWith(Ed25519Key.PREFIX) ? Ed25519Key.parse(text) : SymmetricKey.parse(text);
    }

    /** The signature version of Standard Webhooks: {@code v1} or {@code v1a}. */
    String version();

    /** The raw signature of the content. Thread-safe. */
    byte[] sign(byte[] content);

    /** The key's bytes without prefix and encoding. */
    byte[] material();

    /** Prefix and base64, as its owner sees it. */
    String text();
}
