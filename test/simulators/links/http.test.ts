import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpConnector } from '../../../simulators/links/http.ts';
import type { DeviceMessage } from '../../../simulators/messages.ts';
import { bed } from '../support/devices.ts';
import { HttpStub } from '../support/http-stub.ts';
import type { StubAnswer, StubRequest } from '../support/http-stub.ts';

const listener = { onCommand: () => ({ ok: true }) as const, onLost() {} };
const reading = { type: 'telemetry', ts: 5, values: { flow: 1 } } as const;

let hub: HttpStub;
beforeEach(async () => {
  hub = await HttpStub.start();
});
afterEach(() => hub.stop());

/** The description is welcome, readings get this. */
function onReadings(answer: StubAnswer) {
  return ({ line }: StubRequest) => (line.endsWith('/reported') ? {} : answer);
}

async function send(message: DeviceMessage, url = hub.url) {
  const connection = await httpConnector({ url, token: 'secret' }, bed).connect(listener);
  return connection.send(message);
}

describe('the HTTP link', () => {
  test('posts a reading with the token; 2xx is the acknowledgement', async () => {
    expect(await send(reading)).toEqual({ kind: 'acknowledged' });
    expect(hub.requests.slice(1)).toEqual([
      {
        line: 'POST /api/v1/groups/greenhouse/devices/bed-1/telemetry',
        authorization: 'Bearer secret',
        body: '{"ts":5,"values":{"flow":1}}',
      },
    ]);
  });

  test('describes its device before the first reading', async () => {
    await send(reading);
    expect(hub.requests[0]?.line).toBe('POST /api/v1/groups/greenhouse/devices/bed-1/reported');
    expect(JSON.parse(hub.requests[0]?.body ?? '')).toMatchObject({ description: { title: 'Bed 1' } });
  });

  test('a hub that does not take the description is an error to try again after', async () => {
    hub.answer = () => ({ status: 401 });
    await expect(send(reading)).rejects.toThrow('the hub answered with 401');
  });

  test('posts an event with its id', async () => {
    const press = { type: 'event', ts: 1, name: 'press', data: null, id: 'e' } as const;
    expect(await send(press)).toEqual({ kind: 'acknowledged' });
    expect(hub.requests[1]).toMatchObject({
      line: 'POST /api/v1/groups/greenhouse/devices/bed-1/events',
      body: '{"ts":1,"name":"press","data":null,"id":"e"}',
    });
  });

  test('a reading that the hub can never accept is a refusal, although the answer is 200', async () => {
    hub.answer = () => ({ body: { rejected: [{ index: 0, code: 'too-old', message: '' }] } });
    expect(await send(reading)).toEqual({ kind: 'refused', code: 'too-old' });
  });

  test('4xx is a refusal, with the status as its code', async () => {
    hub.answer = onReadings({ status: 403 });
    expect(await send(reading)).toEqual({ kind: 'refused', code: '403' });
  });

  for (const busy of [429, 503]) {
    test(`${busy} is "not now", for as long as Retry-After says`, async () => {
      hub.answer = onReadings({ status: busy, headers: { 'retry-after': '3' } });
      expect(await send(reading)).toEqual({ kind: 'again', afterMs: 3000 });
    });
  }

  test('a failing hub is tried again after a second', async () => {
    hub.answer = onReadings({ status: 500 });
    expect(await send(reading)).toEqual({ kind: 'again', afterMs: 1000 });
  });

  test('a hub that went away is an error', async () => {
    const gone = await HttpStub.start();
    const { url } = gone;
    await gone.stop();
    await expect(send(reading, url)).rejects.toThrow();
  });

  test('an answer to a command has no route and is not sent', async () => {
    expect(await send({ type: 'result', commandId: 'c', answer: { ok: true } })).toEqual({
      kind: 'unspoken',
    });
    expect(hub.requests).toHaveLength(1);
  });
});
