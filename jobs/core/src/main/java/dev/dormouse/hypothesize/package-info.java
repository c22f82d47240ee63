/**
 * Makes hypotheses inside a campaign's search space from insights, past runs, technique cards and
 * language models, ranks them, and learns from their outcomes how far each source is to be trusted.
 */
package dev.dormouse.hypothesize;
