/**
 * Reads campaign files and deployments strictly, and reports all their problems at once, by file,
 * line and key.
 */
package dev.dormouse.config;
