/**
 * Benchmarks of Dormouse itself: time and memory of mining, ticks, publishing and LLM batches,
 * truth of insights and of campaigns against planted effects, and regret against other optimizers.
 */
package dev.dormouse.eval.bench;
