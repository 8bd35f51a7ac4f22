/** The demo's fleet: a small greenhouse and the power of a workshop. Also what `npm run dev` fills up to twenty with. */
import { modelOf } from '../models/catalogue.ts';
import type { DeviceSpec } from '../simulated-device.ts';

/** One seed for fleet and history, so that the two are one line on the chart. */
export const demoSeed = 20;
/** Readings per second and device. */
export const demoRate = 1;

const greenhouse: readonly (readonly [kind: string, device: string, title: string])[] = [
  ['greenhouse-bed', 'bed-1', 'Bed 1, tomatoes'],
  ['greenhouse-bed', 'bed-2', 'Bed 2, basil'],
  ['greenhouse-bed', 'bed-3', 'Bed 3, peppers'],
  ['climate-sensor', 'climate-north', 'Climate, north end'],
  ['climate-sensor', 'climate-south', 'Climate, south end'],
  ['pump', 'pump-1', 'Circulation pump'],
  ['push-button', 'door-button', 'Button at the door'],
];

const power: typeof greenhouse = [
  ['power-meter', 'meter-main', 'Main meter'],
  ['power-meter', 'meter-workshop', 'Workshop meter'],
  ['smart-plug', 'plug-heater', 'Heater plug'],
  ['smart-plug', 'plug-lamp', 'Grow lamp plug'],
  ['smart-plug', 'plug-fridge', 'Fridge plug'],
  ['pump', 'pump-well', 'Well pump'],
  ['gps-tracker', 'van', 'Delivery van'],
];

export const demoGroups = ['greenhouse', 'power'] as const;

export function demoSpecs(): readonly DeviceSpec[] {
  return [...specsOf('greenhouse', greenhouse), ...specsOf('power', power)];
}

function specsOf(group: string, rows: typeof greenhouse): readonly DeviceSpec[] {
  return rows.map(([kind, device, title]) => ({ group, device, title, model: modelOf(kind) }));
}
