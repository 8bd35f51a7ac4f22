/**
 * What went over all connections since the last look, in the terms of the Socket.IO Admin UI. Holds sums only: nothing
 * of what was said, and no more when nobody looks.
 */
import type { Server } from '#socketio';

type Engine = Pick<Server['engine'], 'on' | 'clients'>;
type Session = Engine['clients'][string];

/** An entry of `aggregatedEvents`: connections, or bytes of messages. */
export interface Aggregate {
  /** Epoch ms, of a full second. */
  readonly timestamp: number;
  readonly type: 'rawConnection' | 'rawDisconnection' | 'bytesIn' | 'bytesOut';
  /** Of an end: the engine's reason. */
  readonly subType?: string;
  readonly count: number;
}

export class AdminTraffic {
  readonly #engine: Engine;
  #connections = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  readonly #ends = new Map<string, number>();
  /** By connection the transport of the last look, and what it had sent by then. */
  readonly #sent = new Map<Session, { readonly transport: Session['transport']; readonly bytes: number }>();

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.on('connection', (session: Session) => this.#watch(session));
  }

  /** Sums since the last call; what did not happen is left out. */
  take(nowMs: number): readonly Aggregate[] {
    for (const session of this.#sent.keys()) this.#countSent(session);
    const timestamp = Math.floor(nowMs / 1000) * 1000;
    const sums: Omit<Aggregate, 'timestamp'>[] = [
      { type: 'rawConnection', count: this.#connections },
      { type: 'bytesIn', count: this.#bytesIn },
      { type: 'bytesOut', count: this.#bytesOut },
      ...[...this.#ends].map(([subType, count]) => ({ type: 'rawDisconnection' as const, subType, count })),
    ];
    this.#connections = this.#bytesIn = this.#bytesOut = 0;
    this.#ends.clear();
    return sums.filter(({ count }) => count > 0).map((sum) => ({ timestamp, ...sum }));
  }

  /** Connections that have not moved to a WebSocket. */
  polling(): number {
    return Object.values(this.#engine.clients).filter(({ transport }) => transport.name === 'polling').length;
  }

  #watch(session: Session): void {
    this.#connections += 1;
    this.#sent.set(session, { transport: session.transport, bytes: 0 });
    session.on('data', (data: string | Buffer) => {
      this.#bytesIn += Buffer.byteLength(data);
    });
    session.once('close', (reason: string) => {
      this.#countSent(session);
      this.#sent.delete(session);
      this.#ends.set(reason, (this.#ends.get(reason) ?? 0) + 1);
    });
  }

  // Not by `packetCreate`: who listens to that takes every frame off its short way to the network.
  #countSent(session: Session): void {
    const { transport } = session;
    const before = this.#sent.get(session) ?? { transport, bytes: 0 };
    this.#bytesOut += before.transport.sentBytes - before.bytes;
    if (before.transport !== transport) this.#bytesOut += transport.sentBytes;
    this.#sent.set(session, { transport, bytes: transport.sentBytes });
  }
}
