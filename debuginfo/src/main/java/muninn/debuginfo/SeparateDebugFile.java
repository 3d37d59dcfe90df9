// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Finds the file that debug information was moved to: by build-id, then by {@code .gnu_debuglink} with its checksum. */
final class SeparateDebugFile {
    private static final String ROOT = "/usr/lib/debug";

    private SeparateDebugFile() {}

    /** The opened file, or null. */
    static ElfFile find(ElfFile file) {
        byte[] id = file.buildId();
        if (id.length > 1) {
            StringBuilder hex = new StringBuilder();
            for (byte b : id) {
                hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
            String name = hex.toString();
            ElfFile found = open(Path.of(ROOT, ".build-id", name.substring(0, 2), name.substring(2) + ".debug"));
            if (found != null) {
                // A stale file under the right name would give wrong names, which is worse than none.
                if (Arrays.equals(found.buildId(), id)) {
                    return found;
                }
                found.close();
            }
        }
        return byLink(file);
    }

    private static ElfFile byLink(ElfFile file) {
        byte[] link = file.content(".gnu_debuglink");
        String name = Cursor.stringAt(link, 0);
        if (name == null || name.isEmpty() || name.indexOf('/') >= 0 && !name.startsWith("/")) {
            return null;
        }
        long crc;
        Path[] places;
        try {
            crc = new Cursor(link, link.length - 4L, link.length).u32();
            places = places(Path.of(file.path()).toRealPath().getParent(), name);
        } catch (BrokenInput | IOException | InvalidPathException e) {
            return null;
        }
        for (Path place : places) {
            ElfFile found = place.toString().equals(file.path()) ? null : open(place);
            if (found != null) {
                if (checksum(found) == crc) {
                    return found;
                }
                found.close();
            }
        }
        return null;
    }

    private static Path[] places(Path home, String name) {
        // Merged /usr: packages built before it file under the old directory.
        String old = home.startsWith("/usr") ? home.toString().substring(4) : home.toString();
        return new Path[] {home.resolve(name), home.resolve(".debug").resolve(name), Path.of(ROOT + home).resolve(name),
            Path.of(ROOT + old).resolve(name)};
    }

    private static ElfFile open(Path path) {
        try {
            return Files.isRegularFile(path) ? ElfFile.open(path) : null;
        } catch (ElfException e) {
            return null;
        }
    }

    private static long checksum(ElfFile file) {
        CRC32 crc = new CRC32();
        try {
            for (long at = 0; at < file.fileSize(); at += 1 << 20) {
                byte[] piece = file.fileBytes(at, 1 << 20);
                crc.update(piece);
            }
        } catch (BrokenInput e) {
            return -1;
        }
        return crc.getValue();
    }
}
