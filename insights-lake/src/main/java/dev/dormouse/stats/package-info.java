/**
 * Statistics as pure functions, each with the source of its formula: effects, shrinkage,
 * meta-analysis, false discovery.
 */
package dev.dormouse.stats;
