/**
 * Renders the campaign report and the insight book as self-contained HTML pages. Views and plots
 * are pure functions of data read from the lake; templates only lay them out. A page is a record
 * with one component per section, and each section is a record that builds itself.
 */
package dev.dormouse.report;
