// SPDX-License-Identifier: MIT
/**
 * Decoder and facts of x86-64 instructions: bytes and an address come in, an immutable {@link muninn.isa.Insn} goes out.
 *
 * <p>Never throws for any bytes. What the table in {@code src/main/table} lacks falls through and has conservative facts.
 * Missing: APX (REX2 and EVEX map 4), Knights Corner. Tests: {@code DecoderTest} (data lines), {@code CorpusTest} (objdump,
 * Zydis, random bytes), {@code ObjdumpCorpus.main} and {@code ZydisCorpus.main} for whole systems.
 */
package muninn.isa;
