/** The registry of devices and their presence. Types only. */
import type {
  Admission,
  DesiredMessage,
  DeviceDescription,
  DeviceInfo,
  DeviceName,
  GroupInfo,
  Presence,
} from '../contract/device.ts';
import type { DeviceMove, DevicePatch, GroupPatch, NewDevice, NewGroup } from '../contract/device-patch.ts';
import type { Json } from '../contract/event.ts';
import type { Committed } from './ingest.ts';

export type DeviceChange =
  | { readonly kind: 'device'; readonly device: DeviceInfo }
  /** Out of sight: archived, denied, or known by another name now. */
  | ({ readonly kind: 'removed'; readonly movedTo?: DeviceName | undefined } & DeviceName)
  /** A group was made, changed or deleted, or the number of those that wait in it changed. */
  | { readonly kind: 'group'; readonly group: string }
  | {
      readonly kind: 'presence';
      readonly group: string;
      readonly device: string;
      readonly presence: Presence;
      readonly since: number;
      readonly was: Presence;
    };

/** Which devices, in the order of group and id. Absent parts select all but what is archived or not admitted. */
export interface DeviceQuery {
  readonly groups: '*' | readonly string[];
  /** Every word occurs in the ids, the title, the model, a metric or a label. */
  readonly text?: string | undefined;
  readonly presence?: Presence | undefined;
  readonly admission?: Admission | undefined;
  /** Only archived ones. */
  readonly archived?: boolean | undefined;
  /** Those that follow this one. */
  readonly after?: DeviceName | undefined;
  readonly limit: number;
}

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
  /** The device can be told on this way what is desired; call the returned function when it cannot any more. */
  attach(group: string, device: string, link: TwinLink): () => void;
  /** Without archived ones. */
  groups(): readonly GroupInfo[];
  /** Archived ones too. */
  group(group: string): GroupInfo | undefined;
  /** What is in sight: neither archived, waiting nor denied. */
  list(group: string): readonly DeviceInfo[];
  /** Whatever its state, also archived, waiting and denied ones. */
  get(group: string, device: string): DeviceInfo | undefined;
  find(query: DeviceQuery): readonly DeviceInfo[];
  search(text: string, groups: '*' | readonly string[], limit: number): readonly DeviceInfo[];
  onChange(listener: (change: DeviceChange) => void): void;
  /** Writes what is not yet durable. */
  close(): Promise<void>;
}

/** A way to tell one device what is desired of it. */
export interface TwinLink {
  readonly edge: 'mqtt' | 'socketio';
  /** Rejects if it could not be sent; it is told again when a way opens. */
  desire(message: DesiredMessage): Promise<void>;
}

/** What arrives is named as the device knows itself; who it is may have another name by now. */
export interface Directory {
  /** Where what comes under this name belongs: nowhere, elsewhere, or (undefined) to the device of this name. */
  destination(group: string, device: string): 'denied' | DeviceName | undefined;
  /** The present name of the device that is or was called so. */
  resolve(name: DeviceName): DeviceName;
  /** All names under which the device may connect, the present one first. */
  namesOf(name: DeviceName): readonly DeviceName[];
}

/** What else has to happen when a device gets another name. */
export interface MoveSteps {
  /** Commands of it are not finished. */
  isBusy(name: DeviceName): boolean;
  /** Series, events and commands, durable when resolved. New readings have the new name when this is called. */
  store(move: { readonly from: DeviceName; readonly to: DeviceName }): Promise<void>;
  /** Everything that was committed under the old name has been told. */
  moved(move: { readonly from: DeviceName; readonly to: DeviceName }): void;
}

/** What people change. Each resolves when it is durable, and is told to all dashboards. */
export interface DeviceManagement {
  /** @throws {RequestError} 409 `group-exists` */
  createGroup(group: NewGroup): Promise<GroupInfo>;
  /** Archived ones too. */
  allGroups(): readonly GroupInfo[];
  /** @throws {RequestError} 404; 409 `group-not-empty` */
  changeGroup(group: string, patch: GroupPatch): Promise<GroupInfo>;
  /** Only without devices. @throws {RequestError} 404; 409 `group-not-empty` */
  deleteGroup(group: string): Promise<void>;
  /** Before it is heard, and admitted. @throws {RequestError} 409 `device-exists` */
  register(group: string, device: NewDevice): Promise<DeviceInfo>;
  /** @throws {RequestError} 404; 422 */
  change(group: string, device: string, patch: DevicePatch): Promise<DeviceInfo>;
  /**
   * Another name, in this group or another one, or one with the device of that name. What arrives under the old name
   * goes to the new one.
   * @throws {RequestError} 404; 409 `device-exists`, `commands-open`
   */
  move(group: string, device: string, target: DeviceMove): Promise<DeviceInfo>;
  /** What comes under this former name is a device of its own again. @throws {RequestError} 404 */
  forgetAlias(group: string, device: string): Promise<DeviceInfo>;
  /**
   * Changes what is desired, key by key: `null` removes. The device is told at once or when it returns.
   * @param version of the desired state that the change is meant for; absent: whichever it is
   * @throws {RequestError} 404; 412 `version-conflict`; 413; 422
   */
  desire(
    group: string,
    device: string,
    change: Readonly<Record<string, Json>>,
    version?: number,
  ): Promise<DeviceInfo>;
}
