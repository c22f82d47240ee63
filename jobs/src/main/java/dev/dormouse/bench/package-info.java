/**
 * Measures Dormouse itself: generated histories of any size, how long mining them takes and how
 * much memory, and whether another engine finds the same effects.
 */
package dev.dormouse.bench;
