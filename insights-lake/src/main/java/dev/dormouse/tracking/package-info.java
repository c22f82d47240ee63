/**
 * The gateway to MLflow tracking servers: the only code that opens connections to them. One
 * transport with one retry policy, one limit on time and size of replies, and one family of
 * exceptions; typed requests and replies. No Spark and no lake.
 */
package dev.dormouse.tracking;
