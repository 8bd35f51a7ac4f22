import { describe, expect, test } from 'vitest';
import { RequestError } from '#contract/errors.ts';
import { EventTable, type Handler } from '../../../hub/namespaces/event-table.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { FakeAccess } from './fake-access.ts';
import { callerOf, FakeSocket } from './fake-socket.ts';

function setup(handle: Handler) {
  const counters = new CountersProbe();
  const parts = { access: new FakeAccess(), log: silentLog, counters };
  const table = new EventTable(
    { look: handle, send: handle },
    { look: 'readings:read', send: 'command:send' },
    parts,
  );
  const answers: unknown[] = [];
  const ask = async (event: string, payload: unknown = {}, caller = callerOf()): Promise<unknown> => {
    await table.dispatch(caller, event, [payload, (answer: unknown) => answers.push(answer)]);
    return answers.at(-1);
  };
  return { counters, table, answers, ask };
}

describe('Every inbound event', () => {
  test('is answered with what its handler returns', async () => {
    expect(await setup((_caller, payload) => ({ got: payload })).ask('look', 7)).toEqual({
      ok: true,
      got: 7,
    });
  });

  test('is answered once, in the moment the handler chooses', async () => {
    const { answers, ask } = setup((_caller, _payload, reply) => {
      reply.accept({ first: 1 });
      return { second: 2 };
    });
    await ask('look');
    expect(answers).toEqual([{ ok: true, first: 1 }]);
  });

  test('needs no acknowledgement, and no payload', async () => {
    const payloads: unknown[] = [];
    const { table } = setup((_caller, payload) => void payloads.push(payload));
    await table.dispatch(callerOf(), 'look', []);
    await table.dispatch(callerOf(), 'look', [() => undefined]);
    expect(payloads).toEqual([undefined, undefined]);
  });

  test('is refused where its permission is not granted', async () => {
    expect(await setup(() => ({})).ask('send')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  test('that nobody knows is refused and counted', async () => {
    const { counters, ask } = setup(() => ({}));
    expect(await ask('toString')).toMatchObject({ ok: false, error: { code: 'unknown-event' } });
    expect(counters.counts.get('socketio/unknown-event')).toBe(1);
  });

  test('that fails as expected says why', async () => {
    const { counters, ask } = setup(() => Promise.reject(new RequestError(404, 'gone', 'It is gone.')));
    expect(await ask('look')).toEqual({ ok: false, error: { code: 'gone', message: 'It is gone.' } });
    expect(counters.counts.get('socketio/event-refused')).toBe(1);
  });

  test('that fails unexpectedly keeps the details inside', async () => {
    const { counters, ask } = setup(() => {
      throw new Error('SELECT secret');
    });
    expect(JSON.stringify(await ask('look'))).not.toContain('secret');
    expect(counters.counts.get('socketio/event-failed')).toBe(1);
  });

  test('of a client that does not read its answers has to wait', async () => {
    const fake = new FakeSocket();
    fake.bufferedBytes = 2 * 1024 * 1024;
    const answer = await setup(() => ({})).ask('look', {}, callerOf({ socket: fake.socket }));
    expect(answer).toMatchObject({ ok: false, error: { code: 'slow-consumer', retryAfterMs: 1000 } });
  });

  test('has a permission, or the table is not made', () => {
    const parts = { access: new FakeAccess(), log: silentLog, counters: new CountersProbe() };
    expect(() => new EventTable({ look: () => ({}) }, {}, parts)).toThrow('look declares no permission');
    expect(() => new EventTable({ toString: () => ({}) }, {}, parts)).toThrow(
      'toString declares no permission',
    );
  });
});
