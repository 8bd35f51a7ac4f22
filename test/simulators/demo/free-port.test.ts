import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../../simulators/demo/free-port.ts';

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
