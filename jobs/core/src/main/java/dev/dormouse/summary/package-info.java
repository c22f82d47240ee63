/** Summarizes a campaign from its state, as records for JSON and as text. Pure. */
package dev.dormouse.summary;
