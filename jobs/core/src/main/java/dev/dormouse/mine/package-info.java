/**
 * Mines runs: Spark aggregates the runs of each study to facts, pure functions turn facts into
 * insights with their uncertainty.
 */
package dev.dormouse.mine;
