// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/**
 * The attributes of one debugging information entry that matter here, read by {@link DwarfUnit#read}; one object is
 * used for many entries. Numbers are -1 where the attribute is absent.
 */
final class Entry {
    int tag;
    boolean children;
    boolean hasLow;
    long low;
    /** End address; absolute. */
    long high;
    boolean hasHigh;
    boolean highIsLength;
    /** Offset of the range list in its section. */
    long ranges;
    boolean rangesIndexed;
    /** Offset of the next sibling in .debug_info. */
    long sibling;
    /** Offset in .debug_info of what DW_AT_abstract_origin or DW_AT_specification names. */
    long origin;
    String name;
    String linkageName;
    String directory;
    long callFile;
    long callLine;
    long statements;
    long stringBase;
    long addressBase;
    long rangeBase;

    void clear() {
        tag = 0;
        children = false;
        hasLow = false;
        hasHigh = false;
        highIsLength = false;
        low = 0;
        high = 0;
        ranges = -1;
        rangesIndexed = false;
        sibling = -1;
        origin = -1;
        name = null;
        linkageName = null;
        directory = null;
        callFile = -1;
        callLine = -1;
        statements = -1;
        stringBase = -1;
        addressBase = -1;
        rangeBase = -1;
    }
}
