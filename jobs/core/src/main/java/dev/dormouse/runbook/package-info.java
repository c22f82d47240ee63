/**
 * The runbook: what a failure is, told from exit code, result and log, and what to do about it.
 * Pure rules.
 */
package dev.dormouse.runbook;
