/**
 * The devices of the stub hub: what they are and what they measure at any instant, past or present, as pure
 * functions of time. So history, live values and what was missed during a cut agree by construction.
 */
import type { DeviceInfo, GroupInfo } from '#contract/device.ts';
import type { Value } from '#contract/reading.ts';

export interface StubDevice {
  readonly info: DeviceInfo;
  /** The value of a metric at an instant; undefined where the device was silent. */
  measure(metric: string, timeMs: number): Value | undefined;
}

type Signal = (timeMs: number) => Value;

export const hourMs = 3_600_000;

export function wave(mean: number, swing: number, periodMs: number, phase: number): Signal {
  return (timeMs) =>
    mean +
    swing * Math.sin((timeMs / periodMs) * 2 * Math.PI + phase) +
    swing * 0.05 * Math.sin(timeMs / 241_000 + phase * 3) +
    swing * 0.02 * Math.sin(timeMs / 17_300 + phase * 7);
}

interface Made {
  readonly group: string;
  readonly device: string;
  readonly title?: string;
  readonly model?: string;
  readonly presence?: DeviceInfo['presence'];
  readonly labels?: Record<string, string>;
  readonly metrics: DeviceInfo['metrics'];
  readonly controls?: DeviceInfo['controls'];
  readonly signals: Readonly<Record<string, Signal>>;
  /** Silent in this stretch, counted back from the start. */
  readonly gap?: { readonly fromMs: number; readonly toMs: number };
  readonly silentForMs?: number;
  readonly reported?: DeviceInfo['reported'];
}

export function device(made: Made, startMs: number): StubDevice {
  const silentSince = made.silentForMs === undefined ? Number.POSITIVE_INFINITY : startMs - made.silentForMs;
  const info: DeviceInfo = {
    group: made.group,
    device: made.device,
    title: made.title ?? made.device,
    model: made.model,
    labels: made.labels ?? { simulated: 'true' },
    metrics: made.metrics,
    controls: made.controls ?? [],
    presence: made.presence ?? 'online',
    presenceSince: made.silentForMs === undefined ? startMs - 3 * 24 * hourMs : silentSince,
    lastSeen: made.silentForMs === undefined ? startMs : silentSince,
    reported: made.reported ?? { firmware: '2.4.1', ip: '192.168.1.40' },
  };
  return {
    info,
    measure(metric, timeMs) {
      if (timeMs > silentSince) return undefined;
      const { gap } = made;
      if (gap !== undefined && timeMs > startMs - gap.fromMs && timeMs < startMs - gap.toMs) return undefined;
      return made.signals[metric]?.(timeMs);
    },
  };
}

/** The kinds that most devices do not have. */
const moreControls: DeviceInfo['controls'] = [
  { name: 'interval', kind: 'number', title: 'Interval', unit: 's', min: 1, max: 3600 },
  { name: 'lamp', kind: 'colour', title: 'Lamp' },
  { name: 'label', kind: 'text', title: 'Label' },
  { name: 'reset', kind: 'button', title: 'Factory reset', dangerous: true },
];

function bed(number: number, startMs: number): StubDevice {
  const name = `bed-${String(number).padStart(2, '0')}`;
  return device(
    {
      group: 'greenhouse',
      device: name,
      model: 'soil probe v2',
      ...(number === 3 ? { presence: 'stale', silentForMs: 14 * 60_000 } : {}),
      ...(number === 5 ? { presence: 'offline', silentForMs: 3 * hourMs } : {}),
      ...(number === 1 ? { gap: { fromMs: 40 * 60_000, toMs: 30 * 60_000 } } : {}),
      metrics: [
        { metric: 'temperature', title: 'Temperature', unit: 'Cel', class: 'temperature', precision: 1 },
        { metric: 'moisture', title: 'Moisture', unit: '%', class: 'moisture', precision: 0 },
        { metric: 'battery', title: 'Battery', unit: 'V', class: 'voltage', precision: 2 },
        { metric: 'rssi', title: 'Signal', unit: 'dB[mW]', class: 'signal_strength', precision: 0 },
        { metric: 'valve', title: 'Valve' },
      ],
      controls: [
        { name: 'valve', kind: 'switch', title: 'Valve', metric: 'valve' },
        {
          name: 'target',
          kind: 'slider',
          title: 'Target temperature',
          unit: 'Cel',
          min: 10,
          max: 30,
          step: 0.5,
        },
        { name: 'calibrate', kind: 'button', title: 'Calibrate' },
        ...(number === 2 ? moreControls : []),
      ],
      signals: {
        temperature: wave(21 + (number % 3) * 0.4, 2.6, 24 * hourMs, number),
        moisture: wave(58, 9, 5 * hourMs, number * 2),
        battery: wave(3.98, 0.04, 24 * hourMs, number),
        rssi: wave(-62, 4, hourMs, number),
      },
    },
    startMs,
  );
}

function meter(number: number, startMs: number): StubDevice {
  return device(
    {
      group: 'power',
      device: `meter-${number}`,
      title: ['Heat pump', 'Workshop', 'Kitchen', 'Server rack'][number - 1] ?? `Meter ${number}`,
      model: 'three-phase meter',
      metrics: [
        { metric: 'power', title: 'Power', unit: 'W', class: 'power', precision: 0 },
        { metric: 'current', title: 'Current', unit: 'A', class: 'current', precision: 2 },
        { metric: 'voltage', title: 'Voltage', unit: 'V', class: 'voltage', precision: 1 },
        { metric: 'relay', title: 'Relay' },
      ],
      controls: [{ name: 'relay', kind: 'switch', title: 'Relay', metric: 'relay' }],
      signals: {
        power: (timeMs) =>
          Math.max(0, Number(wave(900 * number, 850 * number, 1.5 * hourMs, number)(timeMs))),
        current: wave(3.9 * number, 1.2, 1.5 * hourMs, number),
        voltage: wave(231, 1.8, 2 * hourMs, number),
      },
    },
    startMs,
  );
}

export function plausibleFleet(startMs: number): readonly StubDevice[] {
  return [
    ...Array.from({ length: 11 }, (_, index) => bed(index + 1, startMs)),
    ...Array.from({ length: 4 }, (_, index) => meter(index + 1, startMs)),
  ];
}

/** Thousands of sensors in two halls; a few of them speak. */
export function largeFleet(startMs: number, count: number, speaking: number): readonly StubDevice[] {
  return Array.from({ length: count }, (_, index) =>
    device(
      {
        group: index % 2 === 0 ? 'hall-a' : 'hall-b',
        device: `sensor-${String(index).padStart(5, '0')}`,
        model: index % 3 === 0 ? 'hygrometer' : 'thermometer',
        labels: { rack: `r${index % 100}` },
        metrics: [{ metric: 'temperature', unit: 'Cel', class: 'temperature', precision: 1 }],
        signals: { temperature: wave(20, 3, hourMs, index) },
        ...(index < speaking ? {} : { presence: 'offline' as const, silentForMs: 3 * hourMs }),
      },
      startMs,
    ),
  );
}

export function groupsOf(devices: readonly StubDevice[]): readonly GroupInfo[] {
  return [...Map.groupBy(devices, ({ info }) => info.group)].map(([group, of]) => ({
    group,
    title: group.charAt(0).toUpperCase() + group.slice(1),
    devices: of.length,
    online: of.filter(({ info }) => info.presence === 'online').length,
    stale: of.filter(({ info }) => info.presence === 'stale').length,
  }));
}
