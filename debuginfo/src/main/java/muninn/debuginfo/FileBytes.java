// SPDX-License-Identifier: MIT
package muninn.debuginfo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pieces of a file or of an image in memory. Read, not mapped: a mapped file that somebody truncates would turn a read
 * into a fault of the controller. A RandomAccessFile, because a channel would be closed by an interrupt.
 */
final class FileBytes implements AutoCloseable {
    private final RandomAccessFile file;
    private final byte[] image;
    final long size;

    FileBytes(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(Files.exists(path) ? "not a regular file" : "no such file");
        }
        file = new RandomAccessFile(path.toFile(), "r");
        size = file.length();
        image = null;
    }

    FileBytes(byte[] image) {
        this.image = image;
        this.file = null;
        this.size = image.length;
    }

    /** The bytes {@code [offset, offset + length)}, fewer where the file ends before; {@link BrokenInput} when it is unreadable. */
    synchronized byte[] read(long offset, long length) {
        if (offset < 0 || length < 0 || offset > size) {
            throw new BrokenInput("piece outside of the file");
        }
        long count = Math.min(length, size - offset);
        if (count > Integer.MAX_VALUE - 16) {
            throw new BrokenInput("piece of more than 2 GiB");
        }
        byte[] piece = new byte[(int) count];
        if (image != null) {
            System.arraycopy(image, (int) offset, piece, 0, piece.length);
            return piece;
        }
        try {
            file.seek(offset);
            file.readFully(piece);
            return piece;
        } catch (IOException e) {
            throw new BrokenInput("cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Reading is over and nothing was written: there is nothing left that could be lost.
                return;
            }
        }
    }
}
