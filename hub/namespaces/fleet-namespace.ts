/**
 * `/`: all groups that the caller may read. Counts and presence of groups, search, and one slow view across groups, so
 * that no page joins many namespaces.
 */
import { RequestError } from '#contract/errors.ts';
import type { FleetToHub } from '#contract/events.ts';
import type { GroupInfo } from '#contract/device.ts';
import { limits } from '#contract/limits.ts';
import type { Access, Clock, Counters, DeviceChange, Devices, Log } from '#ports';
import type { Server, Socket } from '#socketio';
import { fleet, isAllowed, visibleGroups, type Caller } from './caller.ts';
import { toMessage } from './device-changes.ts';
import type { EventTable, Handler } from './event-table.ts';
import type { FrameRooms } from './frames.ts';
import { guard } from './gate.ts';
import type { LiveSockets } from './live-sockets.ts';
import { ConnectRefusedError, principalOf } from './login.ts';
import { parseEmpty, parseSearch, parseSubscribe } from './requests.ts';
import { unsubscribeHandler } from './subscribe.ts';

const allGroups = 'all-groups';
const groupsEveryMs = 1000;
const foundDevices = 20;

export interface FleetParts {
  readonly io: Server;
  readonly access: Access;
  readonly devices: Devices;
  readonly clock: Clock;
  readonly table: EventTable;
  readonly frames: FrameRooms;
  readonly sockets: LiveSockets;
  readonly log: Log;
  readonly counters: Counters;
}

export function fleetHandlers({
  devices,
  frames,
}: Pick<FleetParts, 'devices' | 'frames'>): Readonly<Record<keyof FleetToHub, Handler>> {
  return {
    groups({ principal }, payload) {
      parseEmpty(payload);
      return { groups: visible(devices.groups(), visibleGroups(principal, undefined)) };
    },

    search({ principal }, payload) {
      const { text, limit = foundDevices } = parseSearch(payload);
      return { devices: devices.search(text, principal.groups, limit) };
    },

    async subscribe({ socket, principal }, payload, reply) {
      const request = parseSubscribe(payload);
      if (request.mode === 'raw' || request.history !== undefined)
        throw new RequestError(
          400,
          'not-in-the-fleet',
          'Raw mode and history are in the namespace of a group.',
        );
      const maxHz = Math.min(request.maxHz ?? limits.maxHzFleet, limits.maxHzFleet);
      const groups = visibleGroups(principal, request.groups);
      await frames.subscribe(socket, { ...request, maxHz }, groups, (fields) => reply.accept(fields));
    },

    unsubscribe: unsubscribeHandler(frames),
  };
}

export class FleetNamespace {
  readonly #parts: FleetParts;
  readonly #callers = new Set<Caller>();
  #isTellingGroups = false;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  attach(): void {
    const { io, devices } = this.#parts;
    guard(
      io.sockets,
      { letIn: (socket) => this.#letIn(socket), entered: (caller) => this.#entered(caller) },
      this.#parts,
    );
    devices.onChange((change) => this.#tell(change));
  }

  #letIn(socket: Socket): Caller {
    const { access } = this.#parts;
    const principal = principalOf(access, socket);
    const source = { edge: 'socketio', principal: principal.id, address: socket.handshake.address } as const;
    const caller: Caller = { socket, principal, group: fleet, device: undefined, source };
    if (isAllowed(access, caller, 'readings:read')) return caller;
    throw new ConnectRefusedError('forbidden', 'The fleet is for people: viewers, operators and admins.');
  }

  #entered(caller: Caller): void {
    const { sockets, frames, table } = this.#parts;
    const { socket, principal } = caller;
    sockets.add(socket, principal);
    frames.admit(socket, fleet);
    this.#callers.add(caller);
    socket.on('disconnect', () => this.#callers.delete(caller));
    void socket.join(principal.groups === '*' ? allGroups : principal.groups.map(roomOf));
    table.attach(caller);
  }

  #tell(change: DeviceChange): void {
    if (this.#callers.size === 0) return;
    const told = toMessage(change);
    if (told !== undefined) this.#toViewersOf(told.group).emit(told.event, told.message);
    this.#tellGroupsSoon();
  }

  #toViewersOf(group: string): ReturnType<Server['to']> {
    return this.#parts.io.to([allGroups, roomOf(group)]);
  }

  /** Counts change with every device: told once a second at most. */
  #tellGroupsSoon(): void {
    if (this.#isTellingGroups) return;
    this.#isTellingGroups = true;
    this.#parts.clock.after(groupsEveryMs, () => {
      this.#isTellingGroups = false;
      const groups = this.#parts.devices.groups();
      this.#parts.io.to(allGroups).emit('groups', groups);
      for (const { socket, principal } of this.#callers)
        if (principal.groups !== '*') socket.emit('groups', visible(groups, principal.groups));
    });
  }
}

function roomOf(group: string): string {
  return `group:${group}`;
}

function visible(groups: readonly GroupInfo[], names: readonly string[] | undefined): readonly GroupInfo[] {
  return names === undefined ? groups : groups.filter(({ group }) => names.includes(group));
}
