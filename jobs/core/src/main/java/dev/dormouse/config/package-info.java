/**
 * Reads campaign files and deployments strictly, and says all that is wrong with them at once, by
 * file, line and key.
 */
package dev.dormouse.config;
