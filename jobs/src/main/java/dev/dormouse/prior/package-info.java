/** What past studies let us expect of arms in a new one, before it has any results. */
package dev.dormouse.prior;
