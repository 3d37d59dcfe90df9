// SPDX-License-Identifier: MIT
/** Translation and process control. */
package muninn.engine;
