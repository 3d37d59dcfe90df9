// SPDX-License-Identifier: MIT
/** The restricted language of everything that runs inside the client. */
module muninn.sysjava {
    exports muninn.sysjava;
}
