/**
 * What a Shelly of generation 1 says of itself as one object: `shellies/<device>/info`, and `…/status` of the radiator
 * valve. The same as its HTTP `/status`. https://shelly-api-docs.shelly.cloud/gen1/#status
 */
import type { DecodedReading } from '#contract/formats/decoded.ts';
import { readingsOf } from './leaves.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Clocks, addresses, firmware and what is set: no measurements. */
const notMeasured =
  /^(?:time|unixtime|serial|mac|update|has_update|cloud|mqtt|cfg_changed_cnt|actions_stats|timestamp|ssid|ip|is_valid|units|source|fw_info|has_timer|timer_\w+|schedule\w*|target_t_auto|fs_mounted|hwID)$/;
/** By the end of the path; meters count in watt-minutes, energy meters in watt hours. */
const units: readonly (readonly [path: RegExp, unit: string])[] = [
  [/(?:^|\.)rssi$/, 'dB[mW]'],
  [/^uptime$/, 's'],
  [/^(?:ram_total|ram_free|fs_size|fs_free)$/, 'By'],
  [/(?:^|\.)power$/, 'W'],
  [/(?:^|\.)reactive$/, 'V.A{reactive}'],
  [/(?:^|\.)current$/, 'A'],
  [/(?:^|\.)voltage$/, 'V'],
  [/^meters\.\d+\.(?:total|counters\.\d+)$/, 'W.min'],
  [/^emeters\.\d+\.total(?:_returned)?$/, 'W.h'],
  [/(?:^|\.)tC$/, 'Cel'],
  [/(?:^|\.)tF$/, '[degF]'],
  [/^(?:bat|bat\.value|hum\.value)$/, '%'],
  [/^temperature$/, 'Cel'],
  [/^lux(?:\.value)?$/, 'lx'],
  [/(?:^|\.)pos$|^ext_humidities\.\d\.hum$/, '%'],
];

export function readInfo(fields: Fields): DecodedReading[] {
  return readingsOf(fields, {
    skip: (path) => path.some((part) => notMeasured.test(part)),
    unit: (path) => degreesOf(fields, path) ?? units.find(([end]) => end.test(path.join('.')))?.[1],
  });
}

/** `{"tmp": {"value": 20.1, "units": "C"}}`: the unit stands beside the value. */
function degreesOf(fields: Fields, path: readonly string[]): string | undefined {
  if (path.at(-1) !== 'value') return undefined;
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], fields);
  const degrees = (holder as Fields | undefined)?.['units'];
  return degrees === 'C' ? 'Cel' : degrees === 'F' ? '[degF]' : undefined;
}
