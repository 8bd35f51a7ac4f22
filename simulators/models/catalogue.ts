/** Every kind of device there is. A new kind is one file and one line here. */
import { climateSensor } from './climate-sensor.ts';
import { gpsTracker } from './gps-tracker.ts';
import { greenhouseBed } from './greenhouse-bed.ts';
import { powerMeter } from './power-meter.ts';
import { pump } from './pump.ts';
import { pushButton } from './push-button.ts';
import { smartPlug } from './smart-plug.ts';
import type { Model } from './model.ts';

export const catalogue: readonly Model[] = [
  greenhouseBed,
  climateSensor,
  pump,
  powerMeter,
  smartPlug,
  gpsTracker,
  pushButton,
];

/** @throws {RangeError} there is no such kind */
export function modelOf(kind: string): Model {
  const model = catalogue.find((candidate) => candidate.kind === kind);
  if (model === undefined) throw new RangeError(`No simulated device is a "${kind}".`);
  return model;
}
