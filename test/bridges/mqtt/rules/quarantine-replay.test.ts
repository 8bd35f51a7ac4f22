import { beforeEach, describe, expect, test, vi } from 'vitest';
import { limits } from '#contract/limits.ts';
import { ann, mast, startDesk, type DeskRig } from './support.ts';
import { toMessage } from '../families/decode.ts';

const topic = 'mast/7/env';

let rig: DeskRig;
beforeEach(async () => {
  rig = await startDesk();
});

/** A mapping that names an object where a value is wanted: everything of the topic goes to quarantine. */
async function breakAndMend(...payloads: readonly string[]): Promise<void> {
  const { mapping } = await rig.desk.save({ ...mast, values: [{ path: '$.env', metric: 't' }] }, ann);
  for (const payload of payloads) await rig.send(topic, payload);
  await rig.desk.save({ ...mast, values: [{ path: '$.env.t', metric: 't' }] }, ann, mapping.id);
}

describe('a replay after a mapping was mended', () => {
  test('takes everything in at the time when it came, once, and leaves nothing', async () => {
    const before = Date.now();
    await breakAndMend('{"env":{"t":1}}', '{"env":{"t":1}}', '{"env":{"t":2}}');
    const after = Date.now();
    expect(await rig.store.quarantine.count()).toBe(3);
    expect(await rig.quarantine.replay({}, ann)).toEqual({ messages: 3, readings: 3, left: {} });
    const taken = await rig.stored();
    expect(taken.map(({ value }) => value)).toEqual([1, 1, 2]);
    for (const { timeUs } of taken) {
      expect(timeUs / 1000).toBeGreaterThanOrEqual(before - 1);
      expect(timeUs / 1000).toBeLessThanOrEqual(after + 1);
    }
    expect(await rig.store.quarantine.count()).toBe(0);
    expect(await rig.quarantine.replay({}, ann)).toEqual({ messages: 0, readings: 0, left: {} });
    expect(await rig.stored()).toHaveLength(3);
  });

  test('never doubles, even if the hub died before the quarantine was cleared', async () => {
    await breakAndMend('{"env":{"t":1}}');
    const { quarantine } = rig.store;
    vi.spyOn(quarantine, 'settle').mockRejectedValueOnce(new Error('The hub was killed.'));
    await expect(rig.quarantine.replay({}, ann)).rejects.toThrow('killed');
    expect(await quarantine.count()).toBe(1);
    await rig.quarantine.replay({}, ann);
    expect(await rig.stored()).toHaveLength(1);
    expect(await quarantine.count()).toBe(0);
  });

  test('what is refused again stays, with its reason of now, and is kept only once', async () => {
    await breakAndMend('{"env":{"u":1}}');
    expect(await rig.quarantine.replay({}, ann)).toEqual({ messages: 0, readings: 0, left: { unmapped: 1 } });
    expect(await rig.store.quarantine.list({ limit: 9 })).toMatchObject([{ code: 'unmapped' }]);
  });

  test('takes only what was selected', async () => {
    await breakAndMend('{"env":{"t":1}}', '{"env":{"t":2}}', '{"env":{"t":3}}');
    const rows = await rig.store.quarantine.list({ limit: 9 });
    expect((await rig.quarantine.replay({ ids: [rows[1]?.id ?? 0] }, ann)).messages).toBe(1);
    expect((await rig.stored()).map(({ value }) => value)).toEqual([2]);
    expect((await rig.quarantine.replay({ topic: 'other' }, ann)).messages).toBe(0);
    expect((await rig.quarantine.replay({ code: 'not-a-value', topic }, ann)).messages).toBe(2);
  });
});

describe('a message of which a part is stored', () => {
  test('is replayed with its other parts only, and what is still refused stays open', async () => {
    const own = 'signalbox/house/plug/telemetry';
    const old = ['a', 'b'].map((name) => ({ ts: Date.parse('2001-09-09T00:00:00Z'), values: { [name]: 1 } }));
    await rig.send(own, JSON.stringify([{ values: { now: 1 } }, ...old]));
    expect((await rig.stored()).map(({ metric }) => metric)).toEqual(['now']);
    const [row] = await rig.store.quarantine.list({ limit: 9 });
    expect(row?.circumstances).toMatchObject({ partly: { of: 3, rejected: [1, 2] } });
    expect(await rig.quarantine.replay({}, ann)).toMatchObject({ messages: 0, readings: 0 });
    expect(await rig.stored()).toHaveLength(1);
    expect(await rig.store.quarantine.list({ limit: 9 })).toMatchObject([
      { code: 'older-than-retention', circumstances: { partly: { of: 3, rejected: [1, 2] } } },
    ]);
  });
});

describe('what cannot be offered again', () => {
  test('stays under a reason: it did not come over MQTT, or is not whole', async () => {
    const raw = { bytes: new Uint8Array([1]) };
    const { quarantine } = rig.store;
    const common = { code: 'c', message: 'm' };
    await quarantine.add({ ...common, source: { edge: 'http', principal: 'p' }, raw }, 1);
    const source = { edge: 'mqtt', principal: 'bridge:x', topic } as const;
    const cut = { bytes: new Uint8Array(limits.quarantinePayloadBytes) };
    await quarantine.add({ ...common, source, raw: cut }, 2);
    expect(await rig.quarantine.replay({}, ann)).toEqual({
      messages: 0,
      readings: 0,
      left: { 'not-from-mqtt': 1, 'payload-cut': 1 },
    });
    expect(await quarantine.count()).toBe(2);
  });

  test('what a sender had no right to write stays so, whoever presses the button', async () => {
    await rig.desk.save(mast, ann);
    const message = toMessage(topic, '{"t":1}', { principal: 'stranger', mayWrite: () => false });
    await rig.inbound.take(message);
    expect(await rig.quarantine.replay({}, ann)).toMatchObject({ left: { 'group-not-granted': 1 } });
    expect(await rig.stored()).toEqual([]);
  });

  test('a retained replay is state: offered again it still makes no point', async () => {
    await rig.inbound.take(
      toMessage('signalbox/house/plug/telemetry/x y', '1', { isReplay: true, principal: 'bridge:x' }),
    );
    await rig.quarantine.replay({}, ann);
    expect(await rig.stored()).toEqual([]);
  });
});

describe('a purge', () => {
  test('takes what was selected, or all, and is in the audit log', async () => {
    await breakAndMend('{"env":{"t":1}}', '{"env":{"t":2}}');
    expect(await rig.quarantine.purge({ code: 'other' }, ann)).toBe(0);
    const [row] = await rig.store.quarantine.list({ limit: 1 });
    expect(await rig.quarantine.purge({ ids: [row?.id ?? 0] }, ann)).toBe(1);
    expect(await rig.quarantine.purge({}, ann)).toBe(1);
    expect((await rig.store.audit.list(1))[0]).toMatchObject({
      action: 'quarantine:purge',
      principal: 'p-ann',
      outcome: '1 gone',
    });
  });
});
