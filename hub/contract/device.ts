/** Devices as dashboards and the HTTP API see them. Names: ARCHITECTURE §4. */
import type { Json } from './event.ts';

/** `stale`: reachable once, silent for longer than expected; `unknown`: never heard since it was registered. */
export const presences = ['online', 'stale', 'offline', 'unknown'] as const;
export type Presence = (typeof presences)[number];

export interface MetricInfo {
  readonly metric: string;
  readonly title?: string | undefined;
  /** A UCUM unit: `Cel`, `%`, `W`, `V`. */
  readonly unit?: string | undefined;
  /** What is measured, in Home Assistant's device-class words: `temperature`, `power`, … */
  readonly class?: string | undefined;
  /** Digits after the decimal point that mean something. */
  readonly precision?: number | undefined;
}

/** `number` is a set-point that is typed, `slider` one that is moved; a `colour` is `#rrggbb`. */
export const controlKinds = ['switch', 'slider', 'number', 'button', 'colour', 'text'] as const;
export type ControlKind = (typeof controlKinds)[number];

/** Something a person may press, turn or set. Sent as a command `name` with `{ value }` as its arguments. */
export interface Control {
  readonly name: string;
  readonly kind: ControlKind;
  readonly title?: string | undefined;
  /** The metric whose reading confirms the command and shows the present state. */
  readonly metric?: string | undefined;
  readonly unit?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly step?: number | undefined;
  /** Asks a person to hold it, so that nothing happens by a slip. */
  readonly dangerous?: boolean | undefined;
}

/** What a device tells of itself, under the key `description` of its reported state. */
export interface DeviceDescription {
  readonly title?: string | undefined;
  readonly model?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly metrics?: readonly MetricInfo[] | undefined;
  readonly controls?: readonly Control[] | undefined;
}

/** The registry's row: everything of a device that survives a restart. */
export interface DeviceRecord {
  readonly group: string;
  readonly device: string;
  readonly title: string;
  readonly model?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly metrics: readonly MetricInfo[];
  readonly controls: readonly Control[];
  readonly reported: Readonly<Record<string, Json>>;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms of the last sign of life; absent if never heard. */
  readonly lastSeen?: number | undefined;
}

export interface DeviceInfo extends Omit<DeviceRecord, 'createdAt'> {
  readonly presence: Presence;
  /** Epoch ms of the last change of presence. */
  readonly presenceSince: number;
}

export interface GroupInfo {
  readonly group: string;
  readonly title: string;
  readonly devices: number;
  readonly online: number;
  readonly stale: number;
}
