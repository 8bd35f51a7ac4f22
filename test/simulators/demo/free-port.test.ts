import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, parsePort } from '../../../simulators/demo/free-port.ts';

test('a free port is kept, a taken one is replaced and told', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const other = await freePort(port);
  expect(other.wasTaken).toBe(true);
  expect(other.port).not.toBe(port);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  expect(await freePort(port)).toEqual({ port, wasTaken: false });
});

test('what is wrong otherwise is an error, not another port', async () => {
  await expect(freePort(0, '192.0.2.1')).rejects.toThrow('EADDRNOTAVAIL');
});

test('a port is written as a whole number from 1 to 65535, and nothing else is one', () => {
  expect(['1', '8080', '65535'].map(parsePort)).toEqual([1, 8080, 65_535]);
  for (const text of ['0', '65536', '', 'http', '80.5', '1e3', ' 80', '-1', '0x50'])
    expect(() => parsePort(text), text).toThrow('A port is a whole number from 1 to 65535.');
});
