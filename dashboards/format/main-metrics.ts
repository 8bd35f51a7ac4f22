/** Which of a device's metrics stand for it on a card, and which of its controls. Pure. */
import type { Control, DeviceInfo, MetricInfo } from '#contract/device.ts';

/** What people look for first comes first. */
const byImportance = [
  'temperature',
  'humidity',
  'moisture',
  'power',
  'energy',
  'current',
  'voltage',
  'carbon_dioxide',
  'pm25',
  'illuminance',
  'pressure',
  'water',
  'volume',
  'speed',
  'distance',
  'frequency',
  'switch',
  'door',
  'motion',
];
/** What tells of the device itself rather than of the world. */
const aboutItself =
  /(^|[._-])(battery|rssi|lqi|snr|signal|uptime|linkquality|heap|vcc|seq|counter|firmware)([._-]|$)/i;
const classAboutItself = new Set(['battery', 'signal_strength', 'duration', 'timestamp']);

export function mainMetrics(device: DeviceInfo, count = 2): readonly MetricInfo[] {
  const shown = device.controls.map((control) => control.metric);
  return device.metrics
    .map((info, index) => ({ info, rank: rankOf(info, shown), index }))
    .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, count)
    .map(({ info }) => info);
}

/** The one switch of a device that has exactly one. */
export function mainSwitch(device: DeviceInfo): Control | undefined {
  const switches = device.controls.filter((control) => control.kind === 'switch');
  return switches.length === 1 ? switches[0] : undefined;
}

function rankOf(info: MetricInfo, shownByControls: readonly (string | undefined)[]): number {
  // The state of a switch is on the switch already.
  if (shownByControls.includes(info.metric)) return 80;
  if ((info.class !== undefined && classAboutItself.has(info.class)) || aboutItself.test(info.metric))
    return 90;
  const rank = byImportance.indexOf(info.class ?? info.metric);
  return rank === -1 ? 50 : rank;
}
