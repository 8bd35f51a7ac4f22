/**
 * A server in a process of its own that sends 1 kB events to a room, so that its memory can be measured.
 * Says its port, then for each run it is asked for how much its memory grew.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlowConsumerPolicy } from '#socketio';
import { makeServer, type Contender } from './contenders.ts';

const [which, policy, events] = process.argv.slice(2) as [Contender, SlowConsumerPolicy, string];
const budgetBytes = 256 * 1024;
const batch = 100;

const httpServer = createServer();
const io = makeServer(which, httpServer, policy === 'buffer' ? { maxBufferedBytes: budgetBytes } : {});
if (which === 'ours') io.slowConsumers({ policy, maxBufferedBytes: budgetBytes });
io.on('connection', (socket) => void socket.join('room'));

/** Sends to the room as fast as the healthy client confirms. */
async function broadcast(count: number): Promise<void> {
  const payload = 'x'.repeat(1000);
  const healthy = [...io.sockets.sockets.values()].find(({ handshake }) => 'healthy' in handshake.query);
  for (let sent = 0; sent < count; sent += batch) {
    for (let n = 0; n < batch; n += 1) io.to('room').emit('reading', sent + n, payload);
    if (healthy === undefined) throw new Error('Nobody listens.');
    await new Promise((resolve) => healthy.emit('confirm', resolve));
  }
}

function rssAfterCollection(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

httpServer.listen(0, '127.0.0.1', () => process.send?.((httpServer.address() as AddressInfo).port));
await once(process, 'message');
// What any server needs for such a load is not what a stalled client costs.
await broadcast(4000);
const before = rssAfterCollection();
process.send?.('warm');
await once(process, 'message');
await broadcast(Number(events));
process.send?.(rssAfterCollection() - before);
process.on('disconnect', () => process.exit());
