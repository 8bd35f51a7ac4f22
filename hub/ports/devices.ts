/** The registry of devices and their presence. Types only. */
import type { DeviceDescription, DeviceInfo, GroupInfo, Presence } from '../contract/device.ts';
import type { Json } from '../contract/event.ts';
import type { Committed } from './ingest.ts';

export type DeviceChange =
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  | {
      readonly kind: 'presence';
      readonly group: string;
      readonly device: string;
      readonly presence: Presence;
      readonly since: number;
    };

export interface Devices {
  /** From ingest: registers devices and metrics on their first reading, and is a sign of life. */
  seen(committed: Committed): void;
  /** The device holds a connection; call the returned function when it ends. Several may overlap. */
  connected(group: string, device: string): () => void;
  /** The device (or its will) says so itself: `…/status`. */
  status(group: string, device: string, presence: 'online' | 'offline'): void;
  /** Merges reported state; the key `description` describes the device. Resolves when durable. @throws {RequestError} */
  reported(group: string, device: string, state: Readonly<Record<string, Json>>): Promise<void>;
  describe(group: string, device: string, description: DeviceDescription): Promise<void>;
  groups(): readonly GroupInfo[];
  list(group: string): readonly DeviceInfo[];
  get(group: string, device: string): DeviceInfo | undefined;
  search(text: string, groups: '*' | readonly string[], limit: number): readonly DeviceInfo[];
  onChange(listener: (change: DeviceChange) => void): void;
  /** Writes what is not yet durable. */
  close(): Promise<void>;
}
