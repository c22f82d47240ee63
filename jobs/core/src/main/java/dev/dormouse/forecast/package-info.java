/** Forecasts the results of arms in a new study from past studies, before it has any results. */
package dev.dormouse.forecast;
