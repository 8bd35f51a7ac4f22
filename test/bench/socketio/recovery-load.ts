/** Fills the log of connection state recovery, and restores sessions from it. */
import type { Server } from '#socketio';
import { PacketType } from '../../../hub/socketio/packet.ts';

const room = 'floor-1';
const repetitions = 100;

/** Broadcasts events of about 100 bytes, as text, to a room. */
export function keepPackets(io: Server, count: number): void {
  for (let i = 0; i < count; i += 1) {
    io.to(room).emit('readings', {
      device: `meter-${i % 100}`,
      metric: 'power',
      ts: 1_795_000_000_000 + i,
      value: i / 8,
      q: 'ok',
    });
  }
}

/** @returns microseconds to restore a session that missed so many packets, the mean of some */
export async function restore(io: Server, missed: number): Promise<number> {
  const { adapter } = io.of('/');
  const packet = { type: PacketType.event, nsp: '/', data: ['readings', 0] as unknown[] };
  await adapter.broadcast(packet, { rooms: new Set([room]), except: new Set(), flags: {} });
  const offset = String(packet.data.at(-1));
  keepPackets(io, missed);
  let tookMs = 0;
  for (let i = 0; i < repetitions; i += 1) {
    adapter.persistSession({ sid: `s${i}`, pid: `p${i}`, rooms: [`s${i}`, room], data: {} });
    const startMs = performance.now();
    const session = await adapter.restoreSession(`p${i}`, offset);
    tookMs += performance.now() - startMs;
    if (session?.missedPackets.length !== missed) throw new Error('The session did not come back.');
  }
  return (tookMs * 1000) / repetitions;
}
