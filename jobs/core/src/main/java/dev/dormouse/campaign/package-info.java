/**
 * The pure core of a campaign: its events, the state they fold into, and its decisions. No clock,
 * no I/O, no Spark; sees only {@code java..}, the model, statistics, the planner's proposals and
 * the runbook's rules.
 */
package dev.dormouse.campaign;
