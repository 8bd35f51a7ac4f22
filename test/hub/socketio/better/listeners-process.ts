/** A server in a process of its own, whose listeners fail. Sends its port to its parent; ends as `io.close()` is asked for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeServer, type Contender } from './contenders.ts';

const httpServer = createServer();
const reports: string[] = [];
const io = makeServer(process.argv[2] as Contender, httpServer, {
  onListenerError: (error, { event }) => reports.push(`${event}: ${(error as Error).message}`),
});
io.on('connection', (socket) => {
  socket.on('throw', () => {
    throw new Error('thrown');
  });
  socket.on('reject', async () => {
    throw new Error('rejected');
  });
  socket.on('reports', (ack: (reports: string[]) => void) => ack(reports));
});
httpServer.listen(0, '127.0.0.1', () => process.send?.((httpServer.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
