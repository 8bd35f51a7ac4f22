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
/** Two numbers that say nothing one by one. */
const aboutPlace = /(^|[._-])(lat|lon|lng|latitude|longitude|altitude|heading|course|bearing)([._-]|$)/i;
const classAboutItself = new Set(['battery', 'signal_strength', 'duration', 'timestamp']);

/** From here on a metric stands for a device only when there is no other. */
const lastRankOfInterest = 70;

export function mainMetrics(device: DeviceInfo, count = 2): readonly MetricInfo[] {
  const shown = device.controls.map((control) => control.metric);
  const ranked = device.metrics
    .map((info, index) => ({ info, rank: rankOf(info, shown), index }))
    .toSorted((a, b) => a.rank - b.rank || a.index - b.index);
  const telling = ranked.filter(({ rank }) => rank < lastRankOfInterest);
  return (telling.length > 0 ? telling : ranked).slice(0, count).map(({ info }) => info);
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
  if (aboutPlace.test(info.metric)) return 70;
  const rank = byImportance.indexOf(info.class ?? info.metric);
  return rank === -1 ? 50 : rank;
}
