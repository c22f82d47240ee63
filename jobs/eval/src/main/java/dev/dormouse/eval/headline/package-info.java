/** The claim, measured: real models improved by Dormouse, by other optimizers and by hand. */
package dev.dormouse.eval.headline;
