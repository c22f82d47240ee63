/**
 * Chooses the next arms within a campaign from its results and forecasts: proposals, the surrogate
 * model and its kernels. Pure: no Spark, no clock, no I/O.
 */
package dev.dormouse.search;
