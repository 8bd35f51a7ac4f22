/** Devices as dashboards and the HTTP API see them. Names: ARCHITECTURE §4. */
import type { Json } from './event.ts';

/**
 * `stale`: reachable once, silent for longer than expected; `offline`: it left, or was silent for much longer;
 * `unknown`: never heard since it was registered.
 */
export const presences = ['online', 'stale', 'offline', 'unknown'] as const;
export type Presence = (typeof presences)[number];

/** What of a device's presence survives a restart. */
export interface PresenceRecord {
  readonly presence: Presence;
  /** Epoch ms. */
  readonly since: number;
  /** How far apart its signs of life are, ms. */
  readonly rhythmMs?: number | undefined;
  /** How often it came back in its rhythm after a short visit. */
  readonly naps?: number | undefined;
}

export interface MetricInfo {
  readonly metric: string;
  readonly title?: string | undefined;
  /** A UCUM unit: `Cel`, `%`, `W`, `V`. */
  readonly unit?: string | undefined;
  /** What is measured, in Home Assistant's device-class words: `temperature`, `power`, … */
  readonly class?: string | undefined;
  /** Digits after the decimal point that mean something. */
  readonly precision?: number | undefined;
  /** What it can measure, or what is usual: the ends of a gauge. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
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

export interface DeviceName {
  readonly group: string;
  readonly device: string;
}

/** Where a device stands. Degrees of WGS 84, metres above the ellipsoid; the name is for people. */
export interface DeviceLocation {
  readonly name?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly altitude?: number | undefined;
}

/** What people say of a device. It wins over what the device tells of itself. */
export interface DeviceSettings {
  readonly title?: string | undefined;
  readonly model?: string | undefined;
  readonly location?: DeviceLocation | undefined;
  /** `null` hides a label that the device tells. */
  readonly labels?: Readonly<Record<string, string | null>> | undefined;
  readonly metrics?: Readonly<Record<string, Omit<MetricInfo, 'metric'>>> | undefined;
  /** How often the device is to be heard, ms; without it the hub learns it. */
  readonly expectedIntervalMs?: number | undefined;
}

/**
 * `waiting`: heard, and kept out of sight until somebody approves it; its readings are stored. `denied`: nothing more
 * is taken of it. Absent: admitted.
 */
export type Admission = 'waiting' | 'denied';

/** What people want a device's state to be. */
export interface DesiredState {
  readonly state: Readonly<Record<string, Json>>;
  /** Counts its changes; 1 is the first. */
  readonly version: number;
  /** Epoch ms of the last change. */
  readonly at: number;
}

/** Both halves of a device's state as dashboards see them; the reported half is `reported` of the device. */
export interface Twin {
  readonly desired: Readonly<Record<string, Json>>;
  /** Of the desired state. */
  readonly version: number;
  /** Epoch ms. */
  readonly desiredAt: number;
  readonly reportedVersion: number;
  /** The desired keys that the device does not report so; empty: it is as desired. */
  readonly delta: Readonly<Record<string, Json>>;
}

/** What a device receives. It answers by reporting. */
export interface DesiredMessage {
  readonly version: number;
  /** All that is desired. */
  readonly desired: Readonly<Record<string, Json>>;
  /** What of it the device did not report so, when this was sent. */
  readonly delta: Readonly<Record<string, Json>>;
}

/** The registry's row: everything of a device that survives a restart. */
export interface DeviceRecord {
  readonly group: string;
  readonly device: string;
  /** Title, model, labels, metrics and controls as the device tells them. */
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
  readonly present?: PresenceRecord | undefined;
  readonly settings?: DeviceSettings | undefined;
  /** Former names: what arrives under them is this device's. */
  readonly aliases?: readonly DeviceName[] | undefined;
  readonly desired?: DesiredState | undefined;
  /** Counts the reports that changed something. */
  readonly reportedVersion?: number | undefined;
  readonly admission?: Admission | undefined;
  /** Epoch ms. */
  readonly archivedAt?: number | undefined;
}

/** A device as it is shown: what it tells of itself, with what people say of it on top. */
export interface DeviceInfo extends Omit<
  DeviceRecord,
  'createdAt' | 'present' | 'settings' | 'desired' | 'reportedVersion'
> {
  readonly presence: Presence;
  /** Epoch ms of the last change of presence. */
  readonly presenceSince: number;
  /** How far apart its signs of life are to be, ms: as people say, else as learnt. */
  readonly expectedIntervalMs?: number | undefined;
  /** It leaves between its signs of life and is online all the same. */
  readonly sleeps?: boolean | undefined;
  readonly location?: DeviceLocation | undefined;
  /** Absent while nobody desired anything. */
  readonly twin?: Twin | undefined;
}

/** The registry's row of a group that somebody made or gave a title; others are there by their devices alone. */
export interface GroupRecord {
  readonly group: string;
  readonly title: string;
  /** Epoch ms, both. */
  readonly createdAt: number;
  readonly archivedAt?: number | undefined;
}

export interface GroupInfo {
  readonly group: string;
  readonly title: string;
  /** How many there are, without archived ones and without those that wait or were denied. */
  readonly devices: number;
  readonly online: number;
  readonly stale: number;
  /** How many were never heard: registered by a person or a file. */
  readonly unheard?: number | undefined;
  /** How many wait for approval. */
  readonly waiting?: number | undefined;
  /** Epoch ms. */
  readonly archivedAt?: number | undefined;
}
