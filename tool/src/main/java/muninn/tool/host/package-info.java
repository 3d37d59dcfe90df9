// SPDX-License-Identifier: MIT
/** Joins tools written on {@link muninn.tool} to the engine. */
package muninn.tool.host;
