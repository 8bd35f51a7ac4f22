import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Acknowledgement } from '../../../bridges/mqtt/meaning.ts';
import { PublishLane, type LaneLoad, type LaneOptions } from '../../../bridges/mqtt/publish-lane.ts';
import type { InboundPacket } from '../../../bridges/mqtt/publish-packet.ts';
import { CountersProbe } from '../../support/fakes.ts';
import { connectPacket, field, packet } from './packets.ts';
import { until } from './fakes.ts';
import { startHub } from './support.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function message(packetId: number | undefined, more: Partial<InboundPacket> = {}): InboundPacket {
  const common = { topic: 'a', payload: Buffer.from('1'), retain: false, dup: false, isWill: false };
  return { ...common, qos: packetId === undefined ? 0 : 1, packetId, ...more };
}

/** A lane whose hub and whose client are the test. */
function openLane(more: Partial<LaneOptions> = {}, load: LaneLoad = { underWay: 0 }) {
  const taken: { readonly packet: InboundPacket; readonly acknowledgement: Acknowledgement }[] = [];
  const heard: string[] = [];
  const counters = new CountersProbe();
  const lane = new PublishLane({
    mayPublish: () => 'yes',
    take: (one, acknowledgement) => void taken.push({ packet: one, acknowledgement }),
    forward: (one, done) => {
      heard.push(`forward ${one.packetId ?? 'QoS 0'}`);
      done(one);
    },
    write: (bytes) => void heard.push(bytes.toString('hex')),
    pause: () => void heard.push('pause'),
    resume: () => void heard.push('resume'),
    fail: (error) => void heard.push(`fail: ${error.message}`),
    counters,
    load,
    ...more,
  });
  const settle = (index: number): void => taken[index]?.acknowledgement.taken();
  return { lane, taken, heard, counters, load, settle };
}

const microtasks = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('PUBACK', () => {
  test('leaves when the message is durable, those of one commit in one write', async () => {
    const { lane, heard, settle } = openLane();
    for (const id of [1, 2, 3]) lane.offer(message(id));
    await microtasks();
    expect(heard).toEqual([]);
    for (const index of [0, 1, 2]) settle(index);
    await microtasks();
    expect(heard).toEqual(['forward 1', 'forward 2', 'forward 3', '400200014002000240020003']);
  });

  test('keeps the order of the PUBLISHes: MQTT 3.1.1 §4.6', async () => {
    const { lane, heard, settle } = openLane({ forward: (one, done) => done(one) });
    for (const id of [7, 8, 9]) lane.offer(message(id));
    settle(1);
    await microtasks();
    expect(heard).toEqual([]);
    settle(0);
    await microtasks();
    expect(heard).toEqual(['4002000740020008']);
    settle(2);
    await microtasks();
    expect(heard.at(-1)).toBe('40020009');
  });

  test('is for QoS 1 only, and for nobody once the connection is over', async () => {
    const { lane, heard, settle } = openLane({ forward: (one, done) => done(one) });
    lane.offer(message(undefined));
    lane.offer(message(1));
    settle(0);
    lane.close();
    settle(1);
    await microtasks();
    expect(heard).toEqual([]);
  });

  test('is the last that is known of a message, also where others are always under way', async () => {
    const answered: WeakRef<InboundPacket>[] = [];
    let last: Acknowledgement | undefined;
    const { lane } = openLane({
      take: (one, acknowledgement) => {
        answered.push(new WeakRef(one));
        last = acknowledgement;
      },
      forward: (one, done) => done(one),
      write: () => undefined,
    });
    lane.offer(message(1));
    for (let id = 2; id <= 100; id += 1) {
      const before = last;
      lane.offer(message(id));
      before?.taken();
      await microtasks();
    }
    last = undefined;
    collectGarbage();
    // The one under way, and what this function's own variables may still hold.
    expect(answered.filter((one) => one.deref() !== undefined).length).toBeLessThan(4);
    lane.close();
  });
});

describe('a message that cannot be taken', () => {
  test('closes the connection: the client repeats it', () => {
    const { lane, heard, taken, load } = openLane();
    lane.offer(message(1));
    taken[0]?.acknowledgement.failed(new TryAgainError('not-stored', 'Disk full.'));
    expect(heard).toEqual(['fail: Disk full.']);
    expect(load.underWay).toBe(0);
  });

  test('with QoS 0 is dropped and counted, and the connection stays', () => {
    const { lane, heard, taken, counters } = openLane();
    lane.offer(message(undefined));
    taken[0]?.acknowledgement.failed(new TryAgainError('not-stored', 'Disk full.'));
    expect(heard).toEqual([]);
    expect(counters.counts.get('mqtt.dropped/qos0-not-now')).toBe(1);
  });

  test('outside the rights of its client closes the connection, and is taken by nobody', () => {
    const { lane, heard, taken } = openLane({ mayPublish: () => false });
    lane.offer(message(1));
    expect(heard).toEqual(['fail: This topic is not open to this client.']);
    expect(taken).toEqual([]);
  });

  test('and may only not be retained, is taken all the same', () => {
    const { lane, taken } = openLane({ mayPublish: () => 'not-retained' });
    lane.offer(message(1, { retain: true }));
    expect(taken[0]?.packet.retain).toBe(false);
  });
});

describe('Bounds', () => {
  test('a client with too much under way is not read until half of it is done', () => {
    const { lane, heard, settle } = openLane({ forward: (one, done) => done(one) });
    const most = limits.mqttUnacknowledgedPerClient;
    for (let id = 1; id <= most + 1; id += 1) lane.offer(message(id));
    expect(heard).toEqual(['pause']);
    for (let index = 0; index < most / 2; index += 1) settle(index);
    expect(heard).toEqual(['pause']);
    settle(most / 2);
    expect(heard).toEqual(['pause', 'resume']);
  });

  test('so is one with too many bytes under way, however few messages they are', () => {
    const { lane, heard, settle } = openLane({ forward: (one, done) => done(one) });
    const payload = Buffer.alloc(limits.mqttUnacknowledgedBytesPerClient / 2);
    for (let id = 1; id <= 3; id += 1) lane.offer(message(id, { payload }));
    expect(heard).toEqual(['pause']);
    settle(0);
    expect(heard).toEqual(['pause']);
    settle(1);
    expect(heard).toEqual(['pause', 'resume']);
  });

  test('when all together have too much under way each waits for its own', () => {
    const load = { underWay: limits.mqttUnacknowledged };
    const { lane, heard, settle } = openLane({ forward: (one, done) => done(one) }, load);
    lane.offer(message(1));
    settle(0);
    expect(heard).toEqual(['pause', 'resume']);
    expect(load.underWay).toBe(limits.mqttUnacknowledged);
  });
});

test('who only publishes keeps its connection alive: MQTT 3.1.1 §3.1.2.10', async () => {
  const hub = await startHub();
  const raw = await hub.raw();
  // A keep alive of one second: silence of one and a half ends the connection.
  raw.send(packet(0x10, field('MQTT'), '04c20001', field('busy'), field('any'), field('plug')));
  await raw.received(4);
  const speech = setInterval(
    () => raw.send(packet(0x30, field('signalbox/house/plug/telemetry/n'), Buffer.from('1'))),
    100,
  );
  await until(() => hub.ingest.deliveries.length >= 25);
  clearInterval(speech);
  raw.send('c000');
  expect(await raw.received(6)).toBe('20020000d000');
  // It is the publishes that kept it: without them it is over soon.
  expect(await raw.closed).toBe('20020000d000');
  await hub.close();
});

test('QoS 0 messages of a client that leaves right behind them are all taken', async () => {
  const hub = await startHub();
  const count = 5000;
  const raw = await hub.raw();
  raw.send(connectPacket('hasty', 'plug'));
  await raw.received(4);
  const topic = field('signalbox/house/plug/telemetry/n');
  const publishes = Array.from({ length: count }, (_, index) =>
    packet(0x30, topic, Buffer.from(String(index))),
  );
  raw.socket.end(Buffer.concat([...publishes, packet(0xe0)]));
  await until(() => hub.ingest.deliveries.length === count);
  await hub.close();
});
