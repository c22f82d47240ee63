/** Scores hypotheses, every term kept, and orders them so that no single belief takes all slots. */
package dev.dormouse.rank;
