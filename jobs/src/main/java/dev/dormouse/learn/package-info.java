/** What outcomes teach: how good forecasts were, and which hypothesis was better than which. */
package dev.dormouse.learn;
