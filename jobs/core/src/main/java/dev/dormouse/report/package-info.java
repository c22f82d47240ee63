/**
 * Renders the campaign report and the insight book as self-contained HTML pages. Views and plots
 * are pure functions of data read from the lake; templates only place them.
 */
package dev.dormouse.report;
