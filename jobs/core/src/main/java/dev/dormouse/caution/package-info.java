/**
 * What past runs cannot tell a campaign: coverage and bias of history, drift, traps, and how far
 * each source was right before. Pure; plans and reports show it.
 */
package dev.dormouse.caution;
