import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

let proxy: TcpProxy;
const large = 'x'.repeat(500_000);

beforeEach(async () => {
  const server = createServer(({ url }, response) => response.end(url === '/large' ? large : 'here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await TcpProxy.start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(async () => {
    await proxy[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
});

const ask = async (deadlineMs = 5000): Promise<string> =>
  (await fetch(proxy.url, { signal: AbortSignal.timeout(deadlineMs) })).text();

describe('A wire that tests can cut', () => {
  test('passes both ways while it is whole', async () => {
    expect(await ask()).toBe('here');
    expect(proxy.accepted).toBe(1);
  });

  test('refuses when cut, and passes when mended', async () => {
    await ask();
    proxy.cut();
    await expect(ask()).rejects.toThrow();
    proxy.mend();
    expect(await ask()).toBe('here');
  });

  test('takes connections while frozen, and never answers', async () => {
    proxy.freeze();
    await expect(ask(200)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(proxy.accepted).toBe(1);
    proxy.mend();
    expect(await ask()).toBe('here');
  });

  test('delays each way', async () => {
    proxy.latencyMs = 40;
    const startedAt = performance.now();
    expect(await ask()).toBe('here');
    expect(performance.now() - startedAt).toBeGreaterThan(75);
  });

  test('carries only so much', async () => {
    proxy.bytesPerSecond = 2_000_000;
    const startedAt = performance.now();
    expect((await (await fetch(`${proxy.url}/large`)).text()).length).toBe(large.length);
    // What was read at once passes at once; the rest waits for it.
    expect(performance.now() - startedAt).toBeGreaterThan(200);
  });

  test('breaks what stands with a reset', async () => {
    proxy.freeze();
    const waiting = ask();
    while (proxy.accepted === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    proxy.reset();
    await expect(waiting).rejects.toThrow();
  });
});
