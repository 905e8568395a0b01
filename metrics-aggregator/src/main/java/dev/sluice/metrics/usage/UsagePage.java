package dev.sluice.metrics.usage;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the store holds for one {@link UsageKey}: a tally for each slot that was used, and which of them have not gone out
 * since they last changed. Both are one value, so that a crash can neither lose nor repeat the one without the other. Not
 * thread-safe; a page has one owner.
 *
 * <p>Encoding, version 1: version, bits of the slots to be sent, number of slots, the number and tally of each.
 */
public final class UsagePage {
    private static final int VERSION = 1;

    /** The bits of the slots stand in one number. */
    private static final int MAX_SLOTS = 63;

    private final SortedMap<Integer, UsageTally> slots = new TreeMap<>();
    private long unsent;

    void add(int slot, UsageTally used) {
        slots.merge(slot, used, UsageTally::plus);
    }

    /** Adds everything that the other page has counted; the other one stays as it is. */
    void merge(UsagePage other) {
        other.slots.forEach(this::add);
    }

    /** The slots that the other page has, which was merged into this one, are to be sent. */
    void sendLater(UsagePage merged) {
        merged.slots.keySet().forEach(slot -> unsent |= 1L << slot);
    }

    boolean isUnsent() {
        return unsent != 0;
    }

    /** Hands out the slots to be sent; from now on they count as sent. */
    List<Integer> takeUnsent() {
        List<Integer> taken = new ArrayList<>();
        for (int slot = 0; slot <= MAX_SLOTS; slot++) {
            if ((unsent & (1L << slot)) != 0) {
                taken.add(slot);
            }
        }
        unsent = 0;
        return taken;
    }

    UsageTally tally(int slot) {
        return slots.getOrDefault(slot, UsageTally.NONE);
    }

    /** Tallies by slot. */
    public SortedMap<Integer, UsageTally> slots() {
        return Collections.unmodifiableSortedMap(slots);
    }

    public byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeSigned(unsent).writeByte(slots.size());
        slots.forEach((slot, tally) -> {
            out.writeByte(slot);
            tally.encode(out);
        });
        return out.toByteArray();
    }

    /** Reads an encoded page; refuses anything else. */
    public static UsagePage decode(byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        UsagePage page = new UsagePage();
        page.unsent = in.readSigned();
        int count = in.readByte();
        for (int i = 0; i < count; i++) {
            int slot = in.readByte();
            if (slot > MAX_SLOTS || page.slots.putIfAbsent(slot, UsageTally.decode(in)) != null) {
                throw new MalformedBytesException("has a slot " + slot + " that cannot be, or twice");
            }
        }
        in.expectEnd();
        return page;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UsagePage that && slots.equals(that.slots) && unsent == that.unsent;
    }

    @Override
    public int hashCode() {
        return 31 * slots.hashCode() + Long.hashCode(unsent);
    }

    @Override
    public String toString() {
        return "UsagePage[slots=" + slots + ", unsent=" + unsent + "]";
    }
}
