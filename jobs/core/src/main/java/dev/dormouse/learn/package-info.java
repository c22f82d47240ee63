/**
 * Closes the loop: what campaigns measured is mined, and plans that wait for approval are built
 * again where that changes them.
 */
package dev.dormouse.learn;
