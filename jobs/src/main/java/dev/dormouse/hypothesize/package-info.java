/** From insights, past runs and technique cards to hypotheses inside a campaign's search space. */
package dev.dormouse.hypothesize;
