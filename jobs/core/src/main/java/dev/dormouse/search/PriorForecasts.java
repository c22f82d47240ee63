package dev.dormouse.search;

import dev.dormouse.model.Arm;

/** The gains that were forecast before the campaign, in metric units. */
interface PriorForecasts {
  /** Returns the forecast gain over the baseline; 0 if nothing is known. */
  double gain(Arm arm);

  /** Returns the standard deviation of gains within one study; 0 if there are no forecasts. */
  double spread();

  /** Returns the correlation of the forecasts with outcomes; 0 if there are none. */
  double agreement();
}
