/**
 * The shell around the pure core: a tick loads the log, observes, decides, commits, launches,
 * publishes and exits.
 */
package dev.dormouse.tick;
