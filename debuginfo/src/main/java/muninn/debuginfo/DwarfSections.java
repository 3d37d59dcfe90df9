// SPDX-License-Identifier: MIT
package muninn.debuginfo;

/** The debug sections of one file, loaded when first asked for. */
final class DwarfSections {
    private final ElfFile file;
    private byte[] info;
    private byte[] abbreviations;
    private byte[] lines;
    private byte[] strings;
    private byte[] lineStrings;
    private byte[] stringOffsets;
    private byte[] addresses;
    private byte[] ranges;
    private byte[] rangeLists;

    DwarfSections(ElfFile file) {
        this.file = file;
    }

    byte[] info() {
        return info != null ? info : (info = file.content(".debug_info"));
    }

    byte[] abbreviations() {
        return abbreviations != null ? abbreviations : (abbreviations = file.content(".debug_abbrev"));
    }

    byte[] lines() {
        return lines != null ? lines : (lines = file.content(".debug_line"));
    }

    byte[] strings() {
        return strings != null ? strings : (strings = file.content(".debug_str"));
    }

    byte[] lineStrings() {
        return lineStrings != null ? lineStrings : (lineStrings = file.content(".debug_line_str"));
    }

    byte[] stringOffsets() {
        return stringOffsets != null ? stringOffsets : (stringOffsets = file.content(".debug_str_offsets"));
    }

    byte[] addresses() {
        return addresses != null ? addresses : (addresses = file.content(".debug_addr"));
    }

    byte[] ranges() {
        return ranges != null ? ranges : (ranges = file.content(".debug_ranges"));
    }

    byte[] rangeLists() {
        return rangeLists != null ? rangeLists : (rangeLists = file.content(".debug_rnglists"));
    }

    byte[] aranges() {
        return file.content(".debug_aranges");
    }
}
