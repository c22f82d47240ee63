/**
 * Collects approvals that people give outside the command line (Airflow's form, a tag in MLflow)
 * and puts each into the inbox, where the next tick checks it like any other message.
 */
package dev.dormouse.approval;
