/**
 * Replays the planner against tables of known results: the proof that its choices are better than
 * others'.
 */
package dev.dormouse.eval.replay;
