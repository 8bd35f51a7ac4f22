import { beforeEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../hub/store/temporary-file.ts';
import { ann, mast, startDesk, type DeskRig } from './support.ts';

let rig: DeskRig;
beforeEach(async () => {
  rig = await startDesk();
});

describe('a preview', () => {
  test('shows each waiting payload beside what would become of it, and stores nothing', async () => {
    for (const payload of ['{"t":1}', '{"t":2,"x":0}', '{"other":3}']) await rig.send('mast/7/env', payload);
    await rig.send('elsewhere', '1');
    const { topics, messages } = await rig.desk.preview(mast);
    expect(topics).toBe(1);
    expect(messages.map(({ payload, readings }) => [Buffer.from(payload).toString(), readings])).toEqual([
      ['{"other":3}', []],
      ['{"t":2,"x":0}', [expect.objectContaining({ device: 'mast-7', value: 2, unit: 'Cel' })]],
      ['{"t":1}', [expect.objectContaining({ group: 'weather', metric: 'temperature', value: 1 })]],
    ]);
    expect(messages[0]?.problems).toMatchObject([{ code: 'nothing-found' }]);
    expect(await rig.stored()).toEqual([]);
    expect(rig.desk.list()).toEqual([]);
  });

  test('says so when the sender may not write where the mapping leads', async () => {
    await rig.send('mast/7/env', '{"t":1}', 'a token that was revoked');
    const { messages } = await rig.desk.preview(mast);
    expect(messages[0]).toMatchObject({ readings: [], problems: [{ code: 'group-not-granted' }] });
  });
});

describe('a saved mapping', () => {
  test('takes in what waits, at the time when it came, and everything after', async () => {
    const before = Date.now();
    for (const payload of ['{"t":1}', '{"t":2}']) await rig.send('mast/7/env', payload);
    await rig.send('mast/8/env', '{"t":3}');
    const after = Date.now();
    const { mapping, applied } = await rig.desk.save(mast, ann);
    expect(mapping).toMatchObject({ ...mast, changedBy: 'Ann' });
    expect(applied).toEqual({ messages: 3, readings: 3, left: {} });
    const taken = await rig.stored();
    expect(taken.map(({ device, value }) => `${device} ${String(value)}`).toSorted()).toEqual([
      'mast-7 1',
      'mast-7 2',
      'mast-8 3',
    ]);
    for (const { timeUs, stampedBy } of taken) {
      expect(stampedBy).toBe('hub');
      expect(timeUs / 1000).toBeGreaterThanOrEqual(before - 1);
      expect(timeUs / 1000).toBeLessThanOrEqual(after + 1);
    }
    expect(await rig.store.inbox.topics()).toEqual([]);
    await rig.send('mast/7/env', '{"t":4}');
    expect((await rig.stored()).at(-1)).toMatchObject({ device: 'mast-7', value: 4 });
  });

  test('leaves what it finds nothing in, with the count of it', async () => {
    for (const payload of ['{"t":1}', '{"x":2}']) await rig.send('mast/7/env', payload);
    const { applied } = await rig.desk.save(mast, ann);
    expect(applied).toEqual({ messages: 1, readings: 1, left: { unmapped: 1 } });
    expect(await rig.store.inbox.payloads('mast/7/env')).toHaveLength(1);
  });

  test('takes in nothing twice, even if the hub died before the inbox was cleared', async () => {
    await rig.send('mast/7/env', '{"t":1}');
    const [waiting] = await rig.store.inbox.payloads('mast/7/env');
    const { inbox } = rig.store;
    vi.spyOn(inbox, 'taken').mockRejectedValueOnce(new Error('The hub was killed.'));
    await expect(rig.desk.save(mast, ann)).rejects.toThrow('killed');
    expect(await inbox.payloads('mast/7/env')).toEqual([waiting]);
    const [mapping] = rig.desk.list();
    await rig.desk.save(mast, ann, mapping?.id);
    expect(await rig.stored()).toHaveLength(1);
    expect(await inbox.topics()).toEqual([]);
  });

  test('can be changed and deleted; there is only one of it', async () => {
    const { mapping } = await rig.desk.save(mast, ann);
    await rig.desk.save({ ...mast, device: 'm{mast}' }, ann, mapping.id);
    await rig.send('mast/7/env', '{"t":1}');
    expect(await rig.stored()).toMatchObject([{ device: 'm7' }]);
    expect(await rig.desk.remove(mapping.id, ann)).toBe(true);
    expect(await rig.desk.remove(mapping.id, ann)).toBe(false);
    await rig.send('mast/7/env', '{"t":2}');
    expect(await rig.store.inbox.topics()).toEqual(['mast/7/env']);
    await expect(rig.desk.save(mast, ann, mapping.id)).rejects.toMatchObject({ code: 'no-such-mapping' });
  });

  test('one that cannot be used is refused and leaves no trace', async () => {
    await expect(rig.desk.save({ ...mast, device: '{x}' }, ann)).rejects.toMatchObject({ status: 400 });
    expect(await rig.store.mappings.load()).toEqual([]);
  });

  test('who made, changed and deleted it is in the audit log', async () => {
    const { mapping } = await rig.desk.save(mast, ann);
    await rig.desk.save(mast, ann, mapping.id);
    await rig.desk.remove(mapping.id, ann);
    expect((await rig.store.audit.list(9)).map(({ action, principal }) => [action, principal])).toEqual([
      ['mapping:delete', 'p-ann'],
      ['mapping:change', 'p-ann'],
      ['mapping:create', 'p-ann'],
    ]);
  });
});

test('mappings outlive the hub', async () => {
  const folder = temporaryFolder();
  const first = await startDesk(folder);
  await first.desk.save(mast, ann);
  await first.store.close();
  const second = await startDesk(folder);
  await second.send('mast/7/env', '{"t":1}');
  expect(await second.stored()).toMatchObject([{ device: 'mast-7' }]);
});
