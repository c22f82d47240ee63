/**
 * Replays the planner against tables of known results, to measure its choices against random search
 * and other optimizers.
 */
package dev.dormouse.eval.replay;
