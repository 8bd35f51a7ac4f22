/**
 * The Socket.IO edge: `/` is the fleet, `/<group>` everything of one group, `/admin` the server itself. ARCHITECTURE §7.
 * Wires the handlers to the parts of the hub; nothing here decides what is true.
 */
import type {
  Access,
  Clock,
  Commands,
  Counters,
  Devices,
  History,
  InboxStore,
  Ingest,
  Live,
  Log,
  Mappings,
  QuarantineDesk,
  Traces,
} from '#ports';
import type { Server } from '#socketio';
import { AdminNamespace } from './admin-namespace.ts';
import { fleet } from './caller.ts';
import { dashboardHandlers } from './dashboard-handlers.ts';
import { DeviceHandlers } from './device-handlers.ts';
import { EventTable } from './event-table.ts';
import type { FairTurns } from './fair-turns.ts';
import { fleetHandlers, FleetNamespace } from './fleet-namespace.ts';
import { FrameRooms } from './frames.ts';
import { GroupNamespace, OpenGroups } from './group-namespace.ts';
import { keeperHandlers } from './keeper-handlers.ts';
import { LiveSockets } from './live-sockets.ts';
import { eventPermissions, type Permissions } from './permissions.ts';

export interface NamespacesParts {
  readonly io: Server;
  readonly ingest: Ingest;
  readonly live: Live;
  readonly history: History;
  readonly devices: Devices;
  readonly commands: Commands;
  readonly access: Access;
  readonly inbox: Pick<InboxStore, 'list'>;
  readonly mappings: Mappings;
  readonly quarantineDesk: Pick<QuarantineDesk, 'replay'>;
  readonly traces: Pick<Traces, 'ofDevice' | 'ofTopic'>;
  /** In which dashboards are served, beside others who may wait. */
  readonly turns: FairTurns;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
  /** Serve the Socket.IO Admin UI; without it `/admin` does not exist. */
  readonly adminUi?: boolean;
}

/** @throws {Error} an event has no permission */
export function attachNamespaces(parts: NamespacesParts, permissions: Permissions = eventPermissions): void {
  const { io } = parts;
  // A namespace of a group goes with the last who is in it, also when the first was refused.
  io.opts.cleanupEmptyChildNamespaces = true;
  const open = new OpenGroups();
  const sockets = new LiveSockets(parts);
  const frames = new FrameRooms({
    ...parts,
    namespaceOf: (group) => (group === fleet ? io.sockets : open.get(group)),
  });
  const telling = new DeviceHandlers(parts);
  const groupHandlers = { ...telling.handlers(), ...dashboardHandlers({ ...parts, frames }) };
  const groupTable = new EventTable(groupHandlers, permissions.group, parts);
  const fleetTable = new EventTable(
    { ...fleetHandlers({ ...parts, frames }), ...keeperHandlers(parts) },
    permissions.fleet,
    parts,
  );
  new FleetNamespace({ ...parts, table: fleetTable, frames, sockets }).attach();
  new GroupNamespace({ ...parts, table: groupTable, frames, telling, sockets }, open).attach();
  if (parts.adminUi === true) new AdminNamespace({ ...parts, sockets }).attach();
}
