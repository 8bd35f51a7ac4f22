/**
 * `/admin`: what the Socket.IO Admin UI asks of a server in production mode (`@socket.io/admin-ui` 0.5, typed-events):
 * `config` once, then `server_stats` every two seconds while somebody looks. Sums only: no message, no header and no
 * single socket is told, and no action is offered, so that whoever looks can change nothing.
 */
import { hostname } from 'node:os';
import type { Access, Clock, Counters, Log } from '#ports';
import type { Namespace, Server, Socket } from '#socketio';
import { AdminTraffic, type Aggregate } from './admin-traffic.ts';
import { fleet, type Caller } from './caller.ts';
import { EventTable } from './event-table.ts';
import { guard } from './gate.ts';
import type { LiveSockets } from './live-sockets.ts';
import { findPrincipal, InvalidNamespaceError } from './login.ts';

/** No group can be called so. */
const adminNamespace = '/admin';
const statsEveryMs = 2000;
const features = ['AGGREGATED_EVENTS'] as const;

/** The payload of `server_stats`. */
export interface ServerStats {
  readonly serverId: string;
  readonly hostname: string;
  readonly pid: number;
  /** Seconds. */
  readonly uptime: number;
  readonly clientsCount: number;
  readonly pollingClientsCount: number;
  readonly aggregatedEvents: readonly Aggregate[];
  readonly namespaces: readonly { readonly name: string; readonly socketsCount: number }[];
}

export interface AdminParts {
  readonly io: Server;
  readonly access: Access;
  readonly sockets: LiveSockets;
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: Counters;
}

export class AdminNamespace {
  readonly #parts: AdminParts;
  readonly #traffic: AdminTraffic;
  readonly #namespace: Namespace;
  /** Knows no event: whatever is asked for is refused, and counted. */
  readonly #table: EventTable;
  #isTelling = false;

  constructor(parts: AdminParts) {
    this.#parts = parts;
    this.#traffic = new AdminTraffic(parts.io.engine);
    this.#namespace = parts.io.of(adminNamespace);
    this.#table = new EventTable({}, {}, parts);
  }

  attach(): void {
    guard(
      this.#namespace,
      { letIn: (socket) => this.#letIn(socket), entered: (caller) => this.#entered(caller) },
      this.#parts,
    );
  }

  /** Who may not enter hears the same as where it is off. */
  #letIn(socket: Socket): Caller {
    const { access } = this.#parts;
    const principal = findPrincipal(access, socket);
    if (principal === undefined || !access.may(principal, 'hub:manage', {}))
      throw new InvalidNamespaceError();
    const source = { edge: 'socketio', principal: principal.id, address: socket.handshake.address } as const;
    return { socket, principal, group: fleet, device: undefined, source };
  }

  #entered(caller: Caller): void {
    const { socket, principal } = caller;
    this.#parts.sockets.add(socket, principal);
    this.#table.attach(caller);
    socket.emit('config', { supportedFeatures: features });
    // The first one starts with what happens from now on; the others share the sums of the next round.
    if (!this.#isTelling) this.#traffic.take(0);
    socket.emit('server_stats', this.#stats([]));
    this.#tellLater();
  }

  #tellLater(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#parts.clock.after(statsEveryMs, () => {
      this.#isTelling = false;
      if (this.#namespace.sockets.size === 0) return;
      const nowMs = this.#parts.clock.nowUs() / 1000;
      this.#namespace.emit('server_stats', this.#stats(this.#traffic.take(nowMs)));
      this.#tellLater();
    });
  }

  #stats(aggregatedEvents: readonly Aggregate[]): ServerStats {
    const { io } = this.#parts;
    return {
      serverId: hostname(),
      hostname: hostname(),
      pid: process.pid,
      uptime: process.uptime(),
      clientsCount: io.engine.clientsCount,
      pollingClientsCount: this.#traffic.polling(),
      aggregatedEvents,
      namespaces: [...io._nsps.values()].map(({ name, sockets }) => ({ name, socketsCount: sockets.size })),
    };
  }
}
