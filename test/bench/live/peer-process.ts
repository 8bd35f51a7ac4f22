/** A peer in a process of its own: its name is the argument. */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server as NetServer } from 'node:net';
import { Aedes } from 'aedes';
import { answerCalls } from '../support/worker-process.ts';
import { peers, type Message } from './peers.ts';

const http = createHttpServer();
const tell = peers[process.argv[2] as keyof typeof peers](http);
const broker = await Aedes.createBroker();
const mqtt = createServer((socket) => broker.handle(socket));
broker.on('publish', ({ topic, payload }) => {
  const [root, , device = ''] = topic.split('/');
  if (root !== 'signalbox') return;
  tell({ device, ...(JSON.parse(payload.toString()) as Omit<Message, 'device'>) });
});

function listen(server: NetServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

answerCalls({
  listen: async () => ({ port: await listen(http), mqtt: `mqtt://127.0.0.1:${await listen(mqtt)}` }),
});
