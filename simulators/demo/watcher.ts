/** A dashboard without a face: subscribes to everything of a group, raw, and measures; or stops reading for good. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { DashboardToHub, HubToDashboard } from '#contract/events.ts';
import { tuplesOf } from '#contract/frame.ts';
import { Latencies } from '../tally.ts';
import { DemoError } from './child.ts';

const openTimeoutMs = 10_000;

export interface WatcherTarget {
  /** `http://host:port` */
  readonly url: string;
  readonly group: string;
  readonly token: string;
}

/** The WebSocket below the official client: `pause` leaves the TCP socket unread. */
interface Pausable {
  pause(): void;
  resume(): void;
}

export class Watcher {
  readonly latencies = new Latencies();
  readonly #socket: Socket<HubToDashboard, DashboardToHub>;
  #readings = 0;
  #gaps = 0;
  #endReason: string | undefined;

  private constructor(socket: Socket<HubToDashboard, DashboardToHub>) {
    this.#socket = socket;
    socket.on('readings', (frame) => {
      const now = Date.now();
      const readings = tuplesOf(frame);
      this.#readings += readings.length;
      for (const [, , timeMs] of readings) this.latencies.add(now - timeMs);
    });
    socket.on('gap', () => (this.#gaps += 1));
    socket.on('disconnect', (reason) => (this.#endReason = reason));
  }

  /** Resolves when subscribed. @throws {DemoError} */
  static async open({ url, group, token }: WatcherTarget): Promise<Watcher> {
    const socket: Socket<HubToDashboard, DashboardToHub> = io(`${url}/${group}`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const watcher = new Watcher(socket);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', () => resolve());
        socket.once('connect_error', reject);
      });
      const answer = await socket.timeout(openTimeoutMs).emitWithAck('subscribe', { mode: 'raw' });
      if (!answer.ok) throw new Error(answer.error.message);
    } catch (error) {
      socket.disconnect();
      throw new DemoError(`A dashboard could not subscribe: ${(error as Error).message}`, { cause: error });
    }
    return watcher;
  }

  get readings(): number {
    return this.#readings;
  }

  get gaps(): number {
    return this.#gaps;
  }

  /** Why it is not connected any more. */
  get endReason(): string | undefined {
    return this.#endReason;
  }

  /** Stops reading its TCP socket, as a suspended laptop does: no close, no answer to a ping. */
  freeze(): void {
    this.#webSocket().pause();
  }

  thaw(): void {
    this.#webSocket().resume();
  }

  close(): void {
    this.#socket.disconnect();
  }

  #webSocket(): Pausable {
    // The client keeps it private; a test notices if that ever changes its name.
    return (this.#socket.io.engine.transport as unknown as { readonly ws: Pausable }).ws;
  }
}
