import { beforeEach, describe, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Committed, Delivery, IncomingReading } from '#ports';
import { IngestDoor } from '../../../hub/ingest/ingest.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { FakeInbox, FakeJournal, FakeQuarantine } from './fake-journal.ts';

const source = { edge: 'mqtt', principal: 'token-1', topic: 'a/b' } as const;
const nowMs = Date.parse('2026-06-01T12:00:00Z');

function incoming(value: IncomingReading['value'], fields: Partial<IncomingReading> = {}): IncomingReading {
  return { group: 'home', device: 'meter', metric: 'power', value, ...fields };
}

function delivery(readings: readonly IncomingReading[], fields: Partial<Delivery> = {}): Delivery {
  return { source, readings, ...fields };
}

let journal: FakeJournal;
let quarantine: FakeQuarantine;
let inbox: FakeInbox;
let counters: CountersProbe;
let told: Committed[];
let door: IngestDoor;

beforeEach(() => {
  journal = new FakeJournal();
  quarantine = new FakeQuarantine();
  inbox = new FakeInbox();
  counters = new CountersProbe();
  told = [];
  const committed = (batch: Committed): void => void told.push(batch);
  const clock = new ManualClock(nowMs);
  door = new IngestDoor({ journal, quarantine, inbox, clock, log: silentLog, counters, committed });
});

describe('The promise is the acknowledgement', () => {
  test('accept resolves only after the commit, and after the listeners know', async () => {
    journal.automatic = false;
    let isAcknowledged = false;
    const receipt = door.accept(delivery([incoming(1)])).then((answer) => {
      isAcknowledged = true;
      expect(told).toHaveLength(1);
      return answer;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([isAcknowledged, told.length]).toEqual([false, 0]);
    journal.commit();
    expect(await receipt).toEqual({ epoch: 'epoch-1', offset: 1, accepted: 1, rejected: [] });
    expect(told[0]?.readings).toMatchObject([{ metric: 'power', value: 1, offset: 1, stampedBy: 'hub' }]);
  });

  test('what cannot be stored now is not acknowledged, told or quarantined', async () => {
    journal.automatic = false;
    const refused = door.accept(delivery([incoming(1)]));
    journal.fail();
    await expect(refused).rejects.toMatchObject({ name: 'TryAgainError', code: 'not-stored' });
    expect([told, quarantine.items]).toEqual([[], []]);
    expect(counters.counts.get('deliveries_not_now/not-stored')).toBe(1);
  });

  test('what gives way is refused before it is decoded, and counted, while the journal would take none', () => {
    expect(door.shed('mqtt')).toBeUndefined();
    journal.shedding = new TryAgainError('overloaded', 'Too much.');
    expect(door.shed('mqtt')).toBe(journal.shedding);
    expect([...counters.counts]).toEqual([
      ['deliveries.mqtt/not-now', 1],
      ['deliveries_not_now/overloaded', 1],
    ]);
  });

  test('deliveries of one commit are told at once, in the order of their offsets', async () => {
    journal.automatic = false;
    const events = [{ group: 'home', device: 'button', name: 'press' }];
    const accepted = [
      door.accept(delivery([incoming(1)])),
      door.accept(delivery([], { events })),
      door.accept(delivery([incoming(2), incoming(3)])),
    ];
    journal.commit();
    await Promise.all(accepted);
    expect(told).toHaveLength(1);
    expect(told[0]?.readings.map(({ offset, value }) => [offset, value])).toEqual([
      [1, 1],
      [3, 2],
      [4, 3],
    ]);
    expect(told[0]?.events).toMatchObject([{ name: 'press', offset: 2, data: null, stampedBy: 'hub' }]);
  });

  test('an empty delivery is acknowledged without a commit', async () => {
    expect(await door.accept(delivery([]))).toEqual({
      epoch: 'epoch-1',
      offset: 0,
      accepted: 0,
      rejected: [],
    });
    expect([journal.batches, told]).toEqual([[], []]);
  });
});

describe('Three outcomes', () => {
  test('a part that can never be accepted is listed with its index and reason, the rest is stored', async () => {
    const bytes = new TextEncoder().encode('{"…"}');
    const receipt = await door.accept(
      delivery([incoming(1), incoming(2, { metric: 'a b' }), incoming(3)], {
        events: [{ group: 'home', device: 'button', name: '' }],
        raw: { bytes, contentType: 'application/json' },
      }),
    );
    expect(receipt).toMatchObject({ accepted: 2, offset: 2 });
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'invalid-metric'],
      [3, 'invalid-event-name'],
    ]);
    expect(journal.batches[0]?.quarantine).toEqual([
      {
        source,
        code: 'invalid-metric',
        message: '2 of 4 were rejected, first: The metric is no valid id.',
        raw: { bytes, contentType: 'application/json' },
        circumstances: { partly: { of: 4, rejected: [1, 3] } },
      },
    ]);
    expect(counters.counts.get('readings_rejected/invalid-metric')).toBe(1);
  });

  test('a delivery of which nothing can be accepted lies in quarantine before it is refused', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    await expect(
      door.accept(delivery([incoming(1, { device: '' })], { raw: { bytes } })),
    ).rejects.toMatchObject({ name: 'RejectedDeliveryError', code: 'invalid-device' });
    expect(quarantine.items).toEqual([
      {
        source,
        code: 'invalid-device',
        message: 'The device is no valid id.',
        raw: { bytes },
        circumstances: {},
        at: nowMs,
      },
    ]);
    expect([journal.batches, told]).toEqual([[], []]);
  });

  test('when even the quarantine cannot be written the sender shall repeat', async () => {
    quarantine.fails = true;
    await expect(door.accept(delivery([incoming(1, { device: '' })]))).rejects.toMatchObject({
      name: 'TryAgainError',
    });
  });

  test('without the bytes as they came, what was decoded of the rejected parts is kept', async () => {
    await door.accept(delivery([incoming(1), incoming(2, { group: 'X' })]));
    const raw = journal.batches[0]?.quarantine?.[0]?.raw;
    expect(JSON.parse(new TextDecoder().decode(raw?.bytes))).toEqual([incoming(2, { group: 'X' })]);
  });

  test('a payload in quarantine is bounded and no window on an edge’s buffer', async () => {
    const bytes = new Uint8Array(1_000_000).subarray(0, limits.quarantinePayloadBytes + 5);
    await door.quarantine({ source, code: 'undecodable', message: 'No.', raw: { bytes } });
    expect(quarantine.items[0]?.raw.bytes.buffer.byteLength).toBe(limits.quarantinePayloadBytes);
    await door.toInbox({ topic: 'x', payload: bytes, principal: 'p', why: 'No mapping.' });
    expect(inbox.items[0]?.payload.buffer.byteLength).toBe(limits.quarantinePayloadBytes);
  });

  test('a delivery with too many readings is refused as a whole, by the bound of its edge', async () => {
    const many = Array.from({ length: limits.readingsPerDelivery + 1 }, () => incoming(1));
    await expect(door.accept(delivery(many))).rejects.toMatchObject({ code: 'too-many-readings' });
    const overHttp = { edge: 'http', principal: 'token-1' } as const;
    expect((await door.accept({ source: overHttp, readings: many })).accepted).toBe(many.length);
  });
});

describe('New series', () => {
  test('are bounded for each device; known ones go on', async () => {
    const fill = Array.from({ length: limits.seriesPerDevice }, (_, index) =>
      incoming(1, { metric: `m${index}` }),
    );
    await door.accept({ source: { edge: 'http', principal: 'p' }, readings: fill });
    const { rejected } = await door.accept(delivery([incoming(1, { metric: 'm0' }), incoming(1)]));
    expect(rejected.map(({ index, code }) => [index, code])).toEqual([[1, 'too-many-series']]);
    expect((await door.accept(delivery([incoming(1, { device: 'other' })]))).rejected).toEqual([]);
  });

  test('a rejected reading makes none', async () => {
    const tooOld = incoming(1, { timeUs: limits.earliestTimeUs });
    await expect(door.accept(delivery([tooOld]))).rejects.toMatchObject({ code: 'older-than-retention' });
    expect(journal.series.size).toBe(0);
  });
});

describe('Repeats', () => {
  test('that the journal knows are acknowledged but not told again', async () => {
    const receipt = await door.accept(delivery([incoming('repeat'), incoming(2)]));
    expect(receipt.accepted).toBe(2);
    expect(told[0]?.readings.map(({ value }) => value)).toEqual([2]);
    expect(counters.counts.get('readings.mqtt/repeated')).toBe(1);
  });

  test('a resent reading that nothing identifies is marked and counted', async () => {
    const parts = [incoming(1), incoming(2, { timeUs: nowMs * 1000 }), incoming(3, { id: 'a' })];
    await door.accept(delivery(parts, { possibleDuplicate: true }));
    expect(told[0]?.readings.map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([
      true,
      undefined,
      undefined,
    ]);
    expect(counters.counts.get('readings.mqtt/possible-duplicate')).toBe(1);
  });

  test('a QoS 2 packet id travels with its readings, and its release after it', async () => {
    const exactlyOnce = { clientId: 'c', packetId: 7 };
    await door.accept(delivery([incoming(1)], { exactlyOnce, possibleDuplicate: true }));
    expect(journal.batches[0]).toMatchObject({ exactlyOnce, principal: 'token-1' });
    expect(told[0]?.readings[0]?.possibleDuplicate).toBeUndefined();
    await door.release('c', 7);
    expect(journal.released).toEqual([['c', 7]]);
  });
});

describe('Retained state', () => {
  test('is told with its own time and never stored', async () => {
    const state = [incoming(21, { timeUs: (nowMs - 3_600_000) * 1000 })];
    const receipt = await door.accept(delivery([], { state }));
    expect(receipt).toMatchObject({ accepted: 1, offset: 0 });
    expect(journal.batches).toEqual([]);
    expect(told[0]).toMatchObject({
      readings: [],
      state: [{ value: 21, timeUs: (nowMs - 3_600_000) * 1000 }],
    });
    expect(journal.series.size).toBe(0);
  });

  test('without a time of its own nobody knows how old it is: uncertain', async () => {
    await door.accept(delivery([], { state: [incoming(21)] }));
    expect(told[0]?.state).toMatchObject([{ quality: 'uncertain', stampedBy: 'hub' }]);
  });

  test('older than the retention is still the last that is known', async () => {
    const timeUs = limits.earliestTimeUs + 5;
    await door.accept(delivery([], { state: [incoming(21, { timeUs })] }));
    expect(told[0]?.state).toMatchObject([{ timeUs, stampedBy: 'device' }]);
  });

  test('with a broken name is refused like a reading', async () => {
    await expect(door.accept(delivery([], { state: [incoming(1, { group: '' })] }))).rejects.toMatchObject({
      code: 'invalid-group',
    });
  });
});
