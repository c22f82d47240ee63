/** Research knowledge: technique cards that say which parameters to move, and papers. */
package dev.dormouse.research;
