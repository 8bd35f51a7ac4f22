/** One process of the cluster in `cluster-adapter.server.test.ts`: the primary forks three workers and passes calls on. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdapter, setupPrimary } from '@socket.io/cluster-adapter';
import { Server } from '#socketio';

const workers = 3;

function runPrimary(): void {
  setupPrimary();
  // Buffers would become JSON on their way between processes.
  cluster.setupPrimary({ serialization: 'advanced' });
  const ports: number[] = [];
  for (let i = 0; i < workers; i += 1) {
    cluster.fork().on('message', (message: { port?: number }) => {
      if (message.port === undefined) return;
      ports.push(message.port);
      if (ports.length === workers) process.send?.(ports);
    });
  }
  process.on('disconnect', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
    process.exit();
  });
}

function runWorker(): void {
  const httpServer = createServer();
  const io = new Server(httpServer, { adapter: createAdapter() as never });
  io.on('connection', (socket) => {
    socket.on('broadcast', (...args: unknown[]) => io.emit('news', ...args));
    socket.on('ask all', async (ack: (answers: unknown) => void) =>
      ack(await io.timeout(5000).emitWithAck('ask')),
    );
    socket.on('count', async (ack: (count: number) => void) => ack((await io.fetchSockets()).length));
  });
  // Port 0 would be shared by all workers.
  httpServer.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
    process.send?.({ port: (httpServer.address() as AddressInfo).port });
  });
}

if (cluster.isPrimary) runPrimary();
else runWorker();
