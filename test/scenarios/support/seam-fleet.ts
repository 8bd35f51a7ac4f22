/** The devices of the campaign `seam.ts`: they number what they send, and some of it comes late. */
import { io, type Socket } from 'socket.io-client';
import { type HubProcess, until } from '../../support/hub-process.ts';

export const group = 'seam';
export const devices = ['d0', 'd1', 'd2', 'd3'];
const batch = 20;
const everyMs = 40;
/** How much later than a newer one of its series a late reading comes. */
const latenessMs = 700.5;
const answerDeadlineMs = 2000;

/** Devices that number their readings and events; what was not acknowledged may or may not be stored. */
export class Fleet {
  readonly #sockets: readonly Socket[];
  readonly #next: number[] = devices.map(() => 0);
  #events = 0;
  #isSending = false;
  #loops: Promise<void>[] = [];

  static async start(hub: HubProcess): Promise<Fleet> {
    const token = await hub.createToken({ name: 'fleet', role: 'gateway', groups: [group] });
    const sockets = devices.map((device) =>
      io(`${hub.url}/${group}`, {
        auth: { token, device },
        transports: ['websocket'],
        forceNew: true,
        reconnectionDelay: 50,
        reconnectionDelayMax: 100,
      }),
    );
    const fleet = new Fleet(sockets);
    await fleet.connected();
    return fleet;
  }

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
  }

  connected(): Promise<void> {
    return until(() => this.#sockets.every((socket) => socket.connected), 20_000);
  }

  send(): void {
    this.#isSending = true;
    this.#loops = this.#sockets.map((socket, index) => this.#sendFrom(socket, index));
  }

  async stop(): Promise<void> {
    this.#isSending = false;
    await Promise.all(this.#loops);
    for (const socket of this.#sockets) socket.disconnect();
  }

  async #sendFrom(socket: Socket, index: number): Promise<void> {
    while (this.#isSending) {
      await pause(everyMs);
      if (!socket.connected) continue;
      const first = this.#next[index] ?? 0;
      this.#next[index] = first + batch;
      const now = Date.now();
      // Fractions of a millisecond keep the readings of one batch apart and in order.
      const readings: object[] = Array.from({ length: batch }, (_, at) => ({
        ts: now + at / 100,
        values: { n: first + at },
      }));
      const inTurn = { ts: now, values: { late: false } };
      readings.push(inTurn, { ts: now - latenessMs, values: { late: true } });
      const acks = [ask(socket, 'telemetry', readings)];
      if (index === 0) acks.push(ask(socket, 'event', { name: 'pressed', data: (this.#events += 1) }));
      await Promise.all(acks);
    }
  }
}

/** A hub that died meanwhile does not answer: then it is not known whether it is stored, and the store is asked. */
async function ask(socket: Socket, event: string, payload: unknown): Promise<void> {
  try {
    await socket.timeout(answerDeadlineMs).emitWithAck(event, payload);
  } catch {
    // An emit that waits in the client is not sent again by itself once it has timed out.
  }
}

export async function restart(hub: HubProcess, fleet: Fleet): Promise<void> {
  await hub.kill();
  await hub.start();
  await fleet.connected();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
