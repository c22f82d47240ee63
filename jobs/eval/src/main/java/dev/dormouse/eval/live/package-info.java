/**
 * Runs real campaigns on response surfaces, by the commands that users run, beside other optimizers
 * from the same baseline with the same number of trainings.
 */
package dev.dormouse.eval.live;
