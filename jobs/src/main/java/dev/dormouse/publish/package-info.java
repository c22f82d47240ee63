/** Where people look at results: the MLflow outbox and the HTML report. */
package dev.dormouse.publish;
