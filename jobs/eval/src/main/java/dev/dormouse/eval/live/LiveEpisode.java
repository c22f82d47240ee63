package dev.dormouse.eval.live;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One search: a surface, one of its baselines, and a replicate, which draws its own noise.
 *
 * @param file file of the surface
 * @param baseline number of the baseline, from 0
 * @param replicate number of the replicate, from 0
 */
record LiveEpisode(Surface surface, Path file, int baseline, int replicate) {
  /** Returns a name that is unique among episodes and allowed for a campaign. */
  String name() {
    return surface.task().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-")
        + "-b"
        + baseline
        + "-r"
        + replicate;
  }
}
