/**
 * The runbook: diagnoses failures from exit code, result and log, and knows their remedies. Pure
 * rules.
 */
package dev.dormouse.runbook;
