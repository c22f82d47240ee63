package dev.dormouse.eval.replay;

/** Whether replayed runs report their learning curves. */
public enum LearningCurves {
  /** A run reports nothing before it ends. */
  HIDDEN,
  /** A run reports its curve point by point and can be stopped early, which costs less. */
  SHOWN
}
