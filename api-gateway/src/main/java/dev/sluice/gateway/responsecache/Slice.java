package dev.sluice.gateway.responsecache;

/** Part of an array of bytes, which is shared and not to be changed. */
final class Slice {

    private final byte[] array;
    private final int offset;
    private final int length;

    Slice(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    /** Not copied. */
    byte[] array() {
        return array;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    Slice part(int from, int size) {
        return new Slice(array, offset + from, size);
    }
}
