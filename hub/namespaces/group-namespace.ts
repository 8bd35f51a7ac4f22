/**
 * `/<group>`: devices tell, dashboards look and command. Made for the first who may enter, gone with the last.
 * Read `#letIn` first: it decides who is who.
 */
import type { CommandRecord } from '#contract/command.ts';
import { toEventMessage, type CommittedEvent } from '#contract/event.ts';
import { isGroupId, isId } from '#contract/names.ts';
import type { Access, Commands, Counters, DeviceChange, Devices, Live, Log } from '#ports';
import type { Namespace, Server, Socket } from '#socketio';
import type { Caller } from './caller.ts';
import { toMessage } from './device-changes.ts';
import type { DeviceHandlers } from './device-handlers.ts';
import type { EventTable } from './event-table.ts';
import type { FrameRooms } from './frames.ts';
import { guard } from './gate.ts';
import type { LiveSockets } from './live-sockets.ts';
import { ConnectRefusedError, InvalidNamespaceError, principalOf } from './login.ts';

const dashboards = 'dashboards';

export interface GroupNamespaceParts {
  readonly io: Server;
  readonly access: Access;
  readonly devices: Devices;
  readonly live: Live;
  readonly commands: Commands;
  readonly table: EventTable;
  readonly frames: FrameRooms;
  readonly telling: DeviceHandlers;
  readonly sockets: LiveSockets;
  readonly log: Log;
  readonly counters: Counters;
}

/** The namespaces that somebody is in. Never looked up by name in the server: that would make one, open to all. */
export class OpenGroups {
  readonly #namespaces = new Map<string, { readonly namespace: Namespace; sockets: number }>();

  enter(group: string, socket: Socket): void {
    const open = this.#namespaces.get(group) ?? { namespace: socket.nsp, sockets: 0 };
    this.#namespaces.set(group, open);
    open.sockets += 1;
    socket.on('disconnect', () => {
      open.sockets -= 1;
      if (open.sockets === 0 && this.#namespaces.get(group) === open) this.#namespaces.delete(group);
    });
  }

  get(group: string): Namespace | undefined {
    return this.#namespaces.get(group)?.namespace;
  }
}

export class GroupNamespace {
  readonly #parts: GroupNamespaceParts;
  readonly #open: OpenGroups;

  constructor(parts: GroupNamespaceParts, open: OpenGroups) {
    this.#parts = parts;
    this.#open = open;
  }

  attach(): void {
    const { io, live, devices, commands } = this.#parts;
    // Every well-formed name is taken: who may not enter is refused by the guard, and the empty namespace goes at once.
    // Refusing here would tell strangers which groups exist, and the session cookie is not to be seen here.
    const parent = io.of((name, _auth, next) => next(null, isGroupId(name.slice(1))));
    guard(
      parent,
      { letIn: (socket) => this.#letIn(socket), entered: (caller) => this.#entered(caller) },
      this.#parts,
    );
    live.onEvent((event) => this.#tellEvent(event));
    devices.onChange((change) => this.#tellChange(change));
    commands.onTransition((command) => this.#tellCommand(command));
  }

  #letIn(socket: Socket): Caller {
    const { access } = this.#parts;
    const principal = principalOf(access, socket);
    const { device = principal.device } = socket.handshake.auth as { readonly device?: unknown };
    if (device !== undefined && (typeof device !== 'string' || !isId(device)))
      throw new ConnectRefusedError('invalid-device', 'The device id is not valid.');
    const group = socket.nsp.name.slice(1);
    const source = { edge: 'socketio', principal: principal.id, address: socket.handshake.address } as const;
    const caller: Caller = { socket, principal, group, device, source };
    if (this.#mayTell(caller) || this.#mayLook(caller)) return caller;
    if (principal.device !== undefined && this.#mayTell({ ...caller, device: principal.device }))
      throw new ConnectRefusedError('device-not-granted', 'This token is for another device.');
    throw new InvalidNamespaceError();
  }

  /** As a device, or as a gateway for its devices; the group may be new. An admin is a gateway only for a device it names. */
  #mayTell({ principal, group, device }: Caller): boolean {
    if (principal.role === 'admin' && device === undefined) return false;
    return this.#parts.access.may(principal, 'telemetry:write', { group, device });
  }

  /** As a dashboard, at a group that exists. */
  #mayLook({ principal, group, device }: Caller): boolean {
    const { access, devices } = this.#parts;
    if (device !== undefined || !access.may(principal, 'readings:read', { group })) return false;
    return devices.group(group) !== undefined;
  }

  #entered(caller: Caller): void {
    const { sockets, telling, frames, table } = this.#parts;
    const { socket, principal, group } = caller;
    sockets.add(socket, principal);
    this.#open.enter(group, socket);
    telling.admit(caller);
    if (this.#mayLook(caller)) {
      frames.admit(socket, group);
      void socket.join(dashboards);
    }
    table.attach(caller);
  }

  #tellEvent(event: CommittedEvent): void {
    this.#open.get(event.group)?.to(dashboards).emit('event', toEventMessage(event));
  }

  #tellChange(change: DeviceChange): void {
    const told = toMessage(change);
    if (told !== undefined) this.#open.get(told.group)?.to(dashboards).emit(told.event, told.message);
  }

  #tellCommand(command: CommandRecord): void {
    this.#open.get(command.group)?.to(dashboards).emit('command', command);
  }
}
