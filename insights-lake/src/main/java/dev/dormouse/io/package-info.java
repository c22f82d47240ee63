/**
 * Storage of the lake in Delta: through Delta Kernel where a process must start quickly, through
 * Spark where there is much to compute, and a log store that makes commits on local disks atomic.
 */
package dev.dormouse.io;
