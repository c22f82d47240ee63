/**
 * Where people approve plans besides the command line: Airflow's form and a tag in MLflow. What
 * they answer becomes a message in the inbox, which the next tick judges like any other.
 */
package dev.dormouse.approve;
