/** Commands that measure Dormouse: {@code bench ...} and {@code replay}. */
package dev.dormouse.eval.cli;
