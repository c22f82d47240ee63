/**
 * Where people look at results: the MLflow outbox, the HTML report, and the summary of a campaign
 * as JSON and as text. What is shown is a pure function of a campaign's state.
 */
package dev.dormouse.publish;
