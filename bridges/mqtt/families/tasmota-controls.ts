/**
 * What a Tasmota device can be told, seen from what it reports: relays, dimmers, colour temperature, shutters.
 * https://tasmota.github.io/docs/Commands/
 */
import type { DecodedReading } from '#contract/formats/decoded.ts';
import type { FamilyControl } from './control.ts';

type Range = Pick<FamilyControl, 'min' | 'max' | 'step' | 'unit'>;

const percent: Range = { min: 0, max: 100, step: 1, unit: '%' };
/** By the metric; `$1` is what tells several of a kind apart. */
const sliders: readonly (readonly [metric: RegExp, command: string, range: Range])[] = [
  [/^Dimmer(\d?)$/, 'Dimmer$1', percent],
  [/^White()$/, 'White', percent],
  // In mired.
  [/^CT()$/, 'CT', { min: 153, max: 500, step: 1 }],
  [/^Shutter(\d)\.Position$/, 'ShutterPosition$1', percent],
];

/** Most of what a device reports is measured: told apart at one look. */
const controllable = /^(?:POWER|Dimmer|White$|CT$|Shutter)/;

/** @param topicOf the device's topic of one command */
export function tasmotaControls(
  readings: readonly DecodedReading[],
  topicOf: (command: string) => string,
): FamilyControl[] {
  const told = readings.filter(({ metric }) => controllable.test(metric));
  return told.flatMap(({ metric, value }): FamilyControl[] => {
    if (/^POWER\d{0,2}$/.test(metric) && typeof value === 'boolean')
      return [
        {
          name: metric,
          kind: 'switch',
          metric,
          tell: (wanted) => ({ topic: topicOf(metric), payload: wanted === true ? 'ON' : 'OFF' }),
        },
      ];
    if (typeof value !== 'number') return [];
    return sliders.flatMap(([pattern, command, range]): FamilyControl[] => {
      if (!pattern.test(metric)) return [];
      const topic = topicOf(metric.replace(pattern, command));
      return [
        {
          name: metric,
          kind: 'slider',
          metric,
          ...range,
          tell: (wanted) => ({ topic, payload: String(wanted) }),
        },
      ];
    });
  });
}
