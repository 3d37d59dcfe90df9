// SPDX-License-Identifier: MIT
/** Facts of x86-64: decoder, operand and flag facts, assembler. Depends on nothing. */
module muninn.isa {
    exports muninn.isa;
    exports muninn.isa.code;
}
