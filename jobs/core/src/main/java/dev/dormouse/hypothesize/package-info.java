/**
 * Makes hypotheses inside a campaign's search space from insights, past runs, technique cards and
 * language models; ranks them by forecast and by the track record of their source.
 */
package dev.dormouse.hypothesize;
