import { connect, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../hub/clock.ts';
import { allRoutes, type Routes } from '../../../hub/http/server.ts';
import { HttpRig } from './support.ts';

const quick = { requestMs: 150, headersMs: 100, checkMs: 20, keepAliveMs: 1000, stopMs: 100 };

/** Answers only when the test says so. */
class HeldRoute {
  readonly entered = Promise.withResolvers<void>();
  readonly release = Promise.withResolvers<void>();
  readonly routes: Routes = (app) => {
    app.route({
      method: 'GET',
      url: '/held',
      schema: { hide: true },
      config: { permission: 'public' },
      handler: async () => {
        this.entered.resolve();
        await this.release.promise;
        return { done: true };
      },
    });
  };
}

let rig: HttpRig;
let held: HeldRoute;

beforeEach(async () => {
  held = new HeldRoute();
  rig = await HttpRig.start({ timeouts: quick, clock: systemClock }, [...allRoutes, held.routes]);
});
afterEach(async () => {
  held.release.resolve();
  await rig.edge.stop();
});

describe('listening', () => {
  test('a free port is found, told, and closed again', async () => {
    expect(rig.edge.status()).toMatchObject({ name: 'http', state: 'starting' });
    await rig.edge.start();
    const { host } = new URL(rig.edge.url);
    expect(rig.edge.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(rig.edge.status()).toMatchObject({ state: 'up', address: host });
    expect((await fetch(`${rig.edge.url}/livez`)).status).toBe(200);
    await rig.edge.stop();
    await rig.edge.stop();
    expect(rig.edge.status().state).toBe('stopped');
    await expect(fetch(`http://${host}/livez`)).rejects.toThrow('fetch failed');
  });

  test('a taken port fails with the code of the system', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = await HttpRig.start({ port: (other.address() as AddressInfo).port });
    await expect(taken.edge.start()).rejects.toThrow(expect.objectContaining({ code: 'EADDRINUSE' }));
    await taken.edge.stop();
    other.close();
  });
});

describe('stopping', () => {
  test('lets a running request end', async () => {
    await rig.edge.start();
    const answering = fetch(`${rig.edge.url}/held`);
    await held.entered.promise;
    const stopping = rig.edge.stop();
    held.release.resolve();
    expect(await (await answering).json()).toEqual({ done: true });
    await stopping;
  });

  test('does not wait for one that does not', async () => {
    await rig.edge.start();
    const answering = fetch(`${rig.edge.url}/held`);
    const refused = expect(answering).rejects.toThrow('fetch failed');
    await held.entered.promise;
    await rig.edge.stop();
    await refused;
  });

  test('tells a client that goes on over its connection to close it', async () => {
    await rig.edge.start();
    const client = connect(Number(new URL(rig.edge.url).port), '127.0.0.1');
    let answers = '';
    client.setEncoding('utf8').on('data', (text: string) => (answers += text));
    client.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
    await held.entered.promise;
    const stopping = rig.edge.stop();
    client.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
    held.release.resolve();
    await once(client, 'close');
    expect(answers.match(/^connection: .+$/gim)).toEqual(['Connection: keep-alive', 'connection: close']);
    await stopping;
  });
});
