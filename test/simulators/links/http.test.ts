import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpConnector } from '../../../simulators/links/http.ts';
import type { DeviceMessage } from '../../../simulators/messages.ts';
import { bed } from '../support/devices.ts';
import { HttpStub } from '../support/http-stub.ts';

const listener = { onCommand: () => ({ ok: true }) as const, onLost() {} };
const reading = { type: 'telemetry', ts: 5, values: { flow: 1 } } as const;

let hub: HttpStub;
beforeEach(async () => {
  hub = await HttpStub.start();
});
afterEach(() => hub.stop());

async function send(message: DeviceMessage, url = hub.url) {
  const connection = await httpConnector({ url, token: 'secret' }, bed).connect(listener);
  return connection.send(message);
}

describe('the HTTP link', () => {
  test('posts a reading with the token; 2xx is the acknowledgement', async () => {
    expect(await send(reading)).toEqual({ kind: 'acknowledged' });
    expect(hub.requests).toEqual([
      {
        line: 'POST /api/v1/groups/greenhouse/devices/bed-1/telemetry',
        authorization: 'Bearer secret',
        body: '{"ts":5,"values":{"flow":1}}',
      },
    ]);
  });

  test('4xx is a refusal, with the status as its code', async () => {
    hub.answer = () => ({ status: 403 });
    expect(await send(reading)).toEqual({ kind: 'refused', code: '403' });
  });

  for (const busy of [429, 503]) {
    test(`${busy} is "not now", for as long as Retry-After says`, async () => {
      hub.answer = () => ({ status: busy, headers: { 'retry-after': '3' } });
      expect(await send(reading)).toEqual({ kind: 'again', afterMs: 3000 });
    });
  }

  test('a failing hub is tried again after a second', async () => {
    hub.answer = () => ({ status: 500 });
    expect(await send(reading)).toEqual({ kind: 'again', afterMs: 1000 });
  });

  test('a hub that went away is an error', async () => {
    const gone = await HttpStub.start();
    const { url } = gone;
    await gone.stop();
    await expect(send(reading, url)).rejects.toThrow();
  });

  test('what has no route is not sent', async () => {
    const press = { type: 'event', ts: 1, name: 'press', data: null, id: 'e' } as const;
    expect(await send(press)).toEqual({ kind: 'unspoken' });
    expect(hub.requests).toEqual([]);
  });
});
