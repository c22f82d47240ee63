/**
 * The shell around the pure core: one wake-up loads the log, observes, decides, commits, launches,
 * publishes and exits.
 */
package dev.dormouse.tick;
