/**
 * Measures Dormouse itself: speed against something in the same run, truth against planted
 * histories.
 */
package dev.dormouse.bench;
