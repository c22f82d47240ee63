/**
 * Stores the lake in Delta tables: through Delta Kernel where a process must start quickly, through
 * Spark for large computations. A log store makes commits on local disks atomic.
 */
package dev.dormouse.io;
