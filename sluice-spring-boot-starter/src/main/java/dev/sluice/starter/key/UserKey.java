package dev.sluice.starter.key;

/**
 * A key of one user's own.
 *
 * @param user 32 hexadecimal digits that stand for the user; the name itself is on no log and in no second level
 * @param key what the method was asked
 */
public record UserKey(String user, Object key) {}
