/**
 * Training backends: they start the training of an arm (a local process, Airflow) and read its
 * progress and outcome from its run directory.
 */
package dev.dormouse.training;
