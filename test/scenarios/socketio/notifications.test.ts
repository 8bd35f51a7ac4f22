/** Who is told what, how often, and what of it survives a bad network. */
import { createServer } from 'node:http';
import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from '../../hub/socketio/harness.ts';
import { Notifications, type Notification } from './notifications.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

interface Device {
  readonly socket: Socket;
  readonly titles: string[];
}

interface Open {
  readonly service: Notifications;
  /** Connects one more device of a user. */
  readonly device: (user: string) => Promise<Device>;
}

async function open(options: object): Promise<Open> {
  const httpServer = createServer();
  const service = new Notifications(httpServer);
  const running = await harness.run(service.io, httpServer);
  const device = async (user: string): Promise<Device> => {
    const socket = running.client('/', { ...options, auth: { user } });
    const titles: string[] = [];
    socket.on('notification', ({ title }: Notification) => titles.push(title));
    await heard(socket, 'connect');
    return { socket, titles };
  };
  return { service, device };
}

for (const [way, options] of everyWay)
  describe(`Notifications ${way}`, () => {
    test('reach all devices of a user and nobody else', async () => {
      const { service, device } = await open(options);
      const [phone, laptop, other] = [await device('ann'), await device('ann'), await device('bob')];
      service.tell(['ann'], 'Your parcel is here.');
      service.tell(['ann', 'bob'], 'The last one.');
      await expect
        .poll(() => [phone, laptop, other].map(({ titles }) => titles))
        .toEqual([
          ['Your parcel is here.', 'The last one.'],
          ['Your parcel is here.', 'The last one.'],
          ['The last one.'],
        ]);
      expect(await service.present()).toEqual(['ann', 'bob']);
    });

    test('come once to who follows two of the topics, and not to who caused them', async () => {
      const { service, device } = await open(options);
      const [ann, bob] = [await device('ann'), await device('bob')];
      for (const { socket } of [ann, bob])
        for (const topic of ['boiler', 'heating']) await socket.emitWithAck('follow', topic);
      service.publish(['boiler', 'heating'], 'The boiler is cold.', 'bob');
      await ann.socket.emitWithAck('unfollow', 'boiler');
      service.publish(['boiler'], 'The boiler is warm.', 'carl');
      service.tell(['ann', 'bob'], 'The last one.');
      await expect
        .poll(() => [ann.titles, bob.titles])
        .toEqual([
          ['The boiler is cold.', 'The last one.'],
          ['The boiler is warm.', 'The last one.'],
        ]);
    });

    test('can be subscribed to by the server for all devices of a user', async () => {
      const { service, device } = await open(options);
      const ann = await device('ann');
      service.subscribe('ann', 'storms');
      service.publish(['storms'], 'A storm is coming.', 'the weather');
      await expect.poll(() => ann.titles).toEqual(['A storm is coming.']);
    });

    test('that are urgent tell which devices have shown them', async () => {
      const { service, device } = await open(options);
      for (const name of ['phone', 'laptop']) {
        const { socket } = await device('ann');
        socket.on('alarm', (_title: string, seen: (device: string) => void) => seen(name));
      }
      await device('ann');
      const seen = await service.alarm('ann', 'Fire in the kitchen!', 250);
      expect(seen.toSorted((a, b) => a.localeCompare(b))).toEqual(['laptop', 'phone']);
      expect(await service.alarm('nobody', 'Hello?', 250)).toEqual([]);
    });

    test('that were sent while the network was down come afterwards, in order and once', async () => {
      const { service, device } = await open(options);
      const { socket, titles } = await device('ann');
      await socket.emitWithAck('follow', 'boiler');
      const [server] = service.io.sockets.sockets.values();
      const gone = heard(server!, 'disconnect');
      socket.io.engine.close();
      await gone;
      for (let n = 0; n < 5; n += 1) service.publish(['boiler'], `missed ${n}`, 'nobody');
      socket.connect();
      await heard(socket, 'connect');
      expect(socket.recovered).toBe(true);
      service.publish(['boiler'], 'and one more', 'nobody');
      await expect
        .poll(() => titles)
        .toEqual(['missed 0', 'missed 1', 'missed 2', 'missed 3', 'missed 4', 'and one more']);
    });
  });
