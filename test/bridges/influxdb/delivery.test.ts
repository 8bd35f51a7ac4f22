import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { InfluxConnection } from '../../../bridges/influxdb/connection.ts';
import { Delivery } from '../../../bridges/influxdb/delivery.ts';
import { Lines } from '../../../bridges/influxdb/lines.ts';
import type { FollowedReading, QuarantineItem } from '#ports';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { followed, series } from './support/followed.ts';
import { StubInflux, type Script, type StubOptions } from './support/stub-influx.ts';

let stub: StubInflux;
let counters: CountersProbe;
let waits: number[];
let quarantined: QuarantineItem[];
let delivery: Delivery;

async function open(options: StubOptions = {}, target: { readonly bucket?: string } = {}): Promise<void> {
  stub = await StubInflux.start(options);
  const connection = new InfluxConnection(
    { url: stub.url, bucket: 'signalbox', token: 'secret', ...target },
    200,
  );
  delivery = new Delivery({
    connection,
    lines: new Lines({ counters, bucket: 'signalbox' }),
    quarantine: { add: async (item) => void quarantined.push(item) },
    clock: new ManualClock(),
    counters,
    log: silentLog,
    random: () => 1,
    sleep: async (ms) => void waits.push(ms),
  });
  onTestFinished(async () => {
    connection.close();
    await stub[Symbol.asyncDispose]();
  });
}

beforeEach(() => {
  counters = new CountersProbe();
  waits = [];
  quarantined = [];
});

function readings(
  count: number,
  valueOf: (n: number) => FollowedReading['value'] = (n) => n,
): FollowedReading[] {
  const own = series();
  return Array.from({ length: count }, (_, n) =>
    followed(own, valueOf(n), { timeUs: 1_780_000_000_000_000 + n }),
  );
}

const always = (): boolean => true;
const stored = (): number[] => [...stub.points.values()].map(Number).toSorted((a, b) => a - b);
const quarantinedText = (): string =>
  quarantined.map(({ raw }) => new TextDecoder().decode(raw.bytes)).join('');

describe('A batch on its way to InfluxDB', () => {
  test('is stored with one request', async () => {
    await open();
    expect(await delivery.deliver(readings(100), always)).toBe(true);
    expect(stored()).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expect(stub.writes).toHaveLength(1);
    expect([delivery.health, waits]).toEqual([{ state: 'up' }, []]);
    expect(counters.counts.get('influx.readings/written')).toBe(100);
  });

  const passing: readonly (readonly [string, Script])[] = [
    ...[408, 425, 429, 500, 502, 503, 504].map((status) => [`${status}`, { status }] as const),
    ['500, but stored', { status: 500, stores: true }],
    ['a reset in the middle', { status: 0, instead: 'reset' }],
    ['a reset after it was stored', { status: 0, stores: true, instead: 'reset' }],
    ['no answer at all', { status: 0, instead: 'hang' }],
  ];
  for (const [what, script] of passing)
    test(`${what}: the same batch again, and each reading once`, async () => {
      await open();
      stub.script = [script];
      expect(await delivery.deliver(readings(3), always)).toBe(true);
      expect(stored()).toEqual([0, 1, 2]);
      expect(waits).toEqual([500]);
      expect(quarantined).toEqual([]);
    });

  test('waits longer each time, and not less than Retry-After says', async () => {
    await open();
    stub.script = [{ status: 503 }, { status: 503 }, { status: 429, headers: { 'retry-after': '7' } }];
    await delivery.deliver(readings(1), always);
    expect(waits).toEqual([500, 1000, 9000]);
  });

  for (const status of [401, 403, 404, 405])
    test(`${status}: kept, with an alarm, until a person acted`, async () => {
      await open();
      stub.script = [{ status, body: '{"message":"no"}' }];
      const states: string[] = [];
      const watch = (): boolean => states.push(delivery.health.state) > 0;
      expect(await delivery.deliver(readings(2), watch)).toBe(true);
      expect(states).toEqual(['starting', 'blocked']);
      expect([stored(), delivery.health]).toEqual([[0, 1], { state: 'up' }]);
    });

  test('a bucket that vanished is made again', async () => {
    await open();
    await delivery.deliver(readings(1), always);
    stub.buckets.clear();
    expect(await delivery.deliver(readings(2), always)).toBe(true);
    expect(stored()).toEqual([0, 1]);
  });

  test('413: in halves that fit', async () => {
    await open({ maxBytes: 400 });
    await delivery.deliver(readings(100), always);
    expect(stored()).toHaveLength(100);
    expect(quarantined).toEqual([]);
  });

  for (const isPartial of [false, true])
    test(`one poisoned line in a thousand is found and kept apart (${isPartial ? 'partial write' : 'whole batch refused'})`, async () => {
      await open({ poison: 'n=617 ', isPartial });
      await delivery.deliver(readings(1000), always);
      expect(stored()).toEqual(Array.from({ length: 1000 }, (_, n) => n).filter((n) => n !== 617));
      expect(quarantinedText()).toBe('home,device=d n=617 1780000000000617\n');
      expect(quarantined[0]).toMatchObject({ code: 'refused-by-influxdb', source: { edge: 'influxdb' } });
      expect(stub.writes.length).toBeLessThan(25);
      expect(counters.counts.get('influx.readings/quarantined')).toBe(1);
    });

  test('a batch of which every line was dropped is not looked through', async () => {
    await open({ poison: 'home', isPartial: true });
    await delivery.deliver(readings(1000), always);
    expect(stub.writes).toHaveLength(1);
    expect(quarantinedText().split('\n')).toHaveLength(1001);
  });

  test('a field that the database has with another type is learned, and nothing is lost', async () => {
    await open();
    const message =
      'partial write: field type conflict: input field \\"n\\" on measurement \\"home\\" is type float, already exists as type string dropped=2';
    stub.script = [{ status: 400, body: `{"error":"${message}"}` }];
    await delivery.deliver(readings(2), always);
    expect([...stub.points.keys()].map((key) => key.split(' ')[1])).toEqual([
      'home.n_number',
      'home.n_number',
    ]);
    expect(quarantined).toEqual([]);
  });

  test('the types that the fields have already are asked for before the first', async () => {
    await open();
    const columns = ['fieldKey', 'fieldType'];
    stub.answers.set('SHOW FIELD KEYS', [
      { name: 'home', columns, values: [['n', 'string']] },
      // Of two types a refusal tells which one counts.
      {
        name: 'work',
        columns,
        values: [
          ['n', 'string'],
          ['n', 'integer'],
        ],
      },
    ]);
    await delivery.deliver(readings(1), always);
    const work = series({ group: 'work' });
    await delivery.deliver([followed(work, 1)], always);
    expect([...stub.points.keys()].map((key) => key.split(' ')[1])).toEqual(['home.n_number', 'work.n']);
    expect(stub.writes).toHaveLength(2);
  });

  test('is given up when it shall not go on, and says so', async () => {
    await open();
    stub.script = Array.from({ length: 100 }, () => ({ status: 503 }));
    expect(await delivery.deliver(readings(2), () => waits.length < 3)).toBe(false);
    expect(stub.points.size).toBe(0);
  });
});

describe('An idle hub', () => {
  test('knows that its database is there', async () => {
    await open();
    await delivery.greet();
    expect(delivery.health).toEqual({ state: 'up' });
  });

  test('knows that its database is away', async () => {
    await open();
    await stub[Symbol.asyncDispose]();
    await delivery.greet();
    expect(delivery.health).toMatchObject({ state: 'down', why: expect.stringContaining('ECONNREFUSED') });
  });
});
