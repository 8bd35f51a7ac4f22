/** A client that does not read, and what it finds when it reads again. */
import type { ServerOptions, Socket } from '#socketio';
import { heard, type Harness, type RawClient, type Running } from './harness.ts';

/** More than the kernel takes for a client that does not read: from here on, packets wait in the session. */
export const plug = 'x'.repeat(8_000_000);

export interface Stalled {
  readonly running: Running;
  readonly socket: Socket;
  readonly raw: RawClient;
  /** Lets the client read, and lists the events it got after the plug, up to `end`; attachments as their length. */
  readonly received: () => Promise<unknown[]>;
}

/** A client that reads nothing, and an event that blocks its transport; packets wait behind it. */
export async function stall(harness: Harness, options: Partial<ServerOptions> = {}): Promise<Stalled> {
  const running = await harness.start({ maxHttpBufferSize: 1e8, ...options });
  const raw = await running.raw();
  const connection = heard(running.io, 'connection');
  await raw.join();
  const [socket] = (await connection) as [Socket];
  raw.socket.pause();
  socket.emit('plug', plug);
  return { running, socket, raw, received: () => receivedBy(raw, running) };
}

async function receivedBy(raw: RawClient, running: Running): Promise<unknown[]> {
  running.io.emit('end');
  raw.socket.resume();
  await raw.next();
  const events: unknown[] = [];
  for (;;) {
    const frame = await raw.next();
    if (typeof frame !== 'string') {
      events.push(frame.length);
      continue;
    }
    const data = JSON.parse(frame.slice(frame.indexOf('['))) as unknown[];
    if (data[0] === 'end') return events;
    events.push(data[1]);
  }
}
