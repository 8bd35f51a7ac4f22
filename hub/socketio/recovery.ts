/**
 * Connection state recovery: an adapter that remembers sessions and the packets they may have missed.
 * Offsets count packets, so that finding one is arithmetic; what is kept is bounded by age and bytes.
 */
import { MemoryAdapter, type Adapter, type AdapterNamespace, type BroadcastOptions } from './adapter.ts';
import type { SavedSession, Session } from './adapter.ts';
import { PacketType, type Packet } from './packet.ts';
import { PacketLog } from './packet-log.ts';
import { RandomIds } from './random-id.ts';
import type { PrivateSessionId, Room, SocketId } from './rooms.ts';

export interface RecoveryOptions {
  /** How long a session may be restored after its connection was lost, in milliseconds. */
  maxDisconnectionDuration?: number | undefined;
  /** Whether a restored socket enters the namespace without asking its middlewares again. */
  skipMiddlewares?: boolean | undefined;
  /** Bytes of packets kept per namespace; the oldest go first. */
  maxBytes?: number | undefined;
}

export const defaultRecovery = {
  maxDisconnectionDuration: 120_000,
  skipMiddlewares: true,
  maxBytes: 64 * 1024 * 1024,
};

/** Reasons to disconnect that a client does not mean; the others are final. */
const recoverable: ReadonlySet<string> = new Set([
  'transport error',
  'transport close',
  'forced close',
  'ping timeout',
  'server shutting down',
  'forced server close',
  'slow consumer',
]);

export function isRecoverable(reason: string): boolean {
  return recoverable.has(reason);
}

/** Asks an adapter for the session a client wants back; a failure of the adapter is a session not found. */
export async function findSession(
  adapter: Adapter,
  auth: Record<string, unknown>,
): Promise<Session | undefined> {
  const { pid, offset } = auth;
  if (typeof pid !== 'string') return undefined;
  // Only our own adapter knows where a session began: others need to be told the offset.
  if (!(adapter instanceof RecoveryAdapter) && typeof offset !== 'string') return undefined;
  try {
    return (await adapter.restoreSession(pid, offset as string)) ?? undefined;
  } catch {
    return undefined;
  }
}

type RecoverableNamespace = AdapterNamespace & {
  readonly server: { readonly opts: { readonly connectionStateRecovery?: RecoveryOptions | undefined } };
};

interface LiveSession {
  readonly pid?: PrivateSessionId | undefined;
  readonly client: { _takeOver(): void };
}

interface KeptSession extends SavedSession {
  readonly expiresAtMs: number;
  /** The number of packets there had been when it began. */
  readonly startedAt: number;
}

export class RecoveryAdapter extends MemoryAdapter {
  readonly #sessions = new Map<PrivateSessionId, KeptSession>();
  readonly #live = new Map<PrivateSessionId, SocketId>();
  readonly #startedAt = new Map<SocketId, number>();
  readonly #log: PacketLog;
  readonly #windowMs: number;
  /** Offsets of another process or namespace mean nothing here. */
  readonly #epoch = new RandomIds().next().slice(0, 8);

  constructor(nsp: RecoverableNamespace) {
    super(nsp);
    const options = nsp.server.opts.connectionStateRecovery ?? {};
    this.#windowMs = options.maxDisconnectionDuration ?? defaultRecovery.maxDisconnectionDuration;
    this.#log = new PacketLog(options.maxBytes ?? defaultRecovery.maxBytes);
  }

  override addAll(id: SocketId, rooms: ReadonlySet<Room>): void {
    if (!this.#startedAt.has(id)) this.#startedAt.set(id, this.#log.end);
    const socket = this.nsp.sockets.get(id) as LiveSession | undefined;
    if (socket?.pid !== undefined) this.#live.set(socket.pid, id);
    void super.addAll(id, rooms);
  }

  override delAll(id: SocketId): void {
    super.delAll(id);
    this.#startedAt.delete(id);
    const socket = this.nsp.sockets.get(id) as LiveSession | undefined;
    if (socket?.pid !== undefined) this.#live.delete(socket.pid);
  }

  /** Every event ends in an offset: volatile ones, which are not kept, in that of the packet before them. */
  override broadcast(packet: Packet, options: BroadcastOptions): void {
    if (packet.type === PacketType.event && packet.id === undefined && Array.isArray(packet.data)) {
      const data: unknown[] = packet.data;
      if (options.flags?.volatile !== true) {
        this.#forgetExpired();
        this.#log.append(data, options, Date.now());
      }
      data.push(this.#offsetOf(this.#log.end));
    }
    super.broadcast(packet, options);
  }

  override persistSession(session: SavedSession): void {
    this.#forgetExpired();
    const startedAt = this.#startedAt.get(session.sid) ?? this.#log.end;
    this.#sessions.set(session.pid, { ...session, startedAt, expiresAtMs: Date.now() + this.#windowMs });
  }

  override restoreSession(pid: PrivateSessionId, offset: string | undefined): Promise<Session | undefined> {
    this.#takeOver(pid);
    this.#forgetExpired();
    const session = this.#sessions.get(pid);
    if (session === undefined) return Promise.resolve(undefined);
    const from = offset === undefined ? session.startedAt : this.#positionOf(offset);
    if (from === undefined || from < this.#log.lostBefore || from > this.#log.end)
      return Promise.resolve(undefined);
    this.#sessions.delete(pid);
    const { sid, rooms, data } = session;
    const missed = this.#log.since(from, new Set(rooms));
    const missedPackets = missed.map((packet) => [...packet.data, this.#offsetOf(packet.number + 1)]);
    return Promise.resolve({ sid, pid, rooms, data, missedPackets });
  }

  /** The client is back although its old connection seems alive: that one is half-open. */
  #takeOver(pid: PrivateSessionId): void {
    const id = this.#live.get(pid);
    const socket = id === undefined ? undefined : (this.nsp.sockets.get(id) as LiveSession | undefined);
    socket?.client._takeOver();
  }

  #forgetExpired(): void {
    const nowMs = Date.now();
    this.#log.expire(nowMs - this.#windowMs);
    for (const [pid, { expiresAtMs }] of this.#sessions) {
      if (expiresAtMs > nowMs) break;
      this.#sessions.delete(pid);
    }
  }

  #offsetOf(position: number): string {
    return `${this.#epoch}.${position.toString(36)}`;
  }

  #positionOf(offset: unknown): number | undefined {
    if (typeof offset !== 'string' || !offset.startsWith(`${this.#epoch}.`)) return undefined;
    const position = Number.parseInt(offset.slice(this.#epoch.length + 1), 36);
    return Number.isSafeInteger(position) ? position : undefined;
  }
}
