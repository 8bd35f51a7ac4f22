import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.ts';
import { until } from './fakes.ts';
import { connectPacket, field, packet } from './packets.ts';
import { startHub, type TestHub } from './support.ts';

let hub: TestHub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(async () => {
  await hub.close();
});

const connected = '20020000';
const topic = field('signalbox/house/plug/telemetry/n');

const withId = (id: string | Uint8Array): Buffer => connectPacket(id, 'plug');
const publish = (name: string | Uint8Array): Buffer => packet(0x32, field(name), '0001', Buffer.from('1'));

/** Sends the bytes as an admitted client and expects to be closed for the reason. */
async function expectClosed(bytes: Uint8Array | string, reason: string): Promise<void> {
  const raw = await hub.raw();
  raw.send(connectPacket('c', 'plug'));
  await raw.received(4);
  raw.send(bytes);
  expect(await raw.closed).toBe(connected);
  expect(hub.counters.counts.get(`mqtt.closed/${reason}`)).toBe(1);
  expect(hub.ingest.deliveries).toEqual([]);
}

/** Sends the bytes as the first ones of a connection and expects to be closed for the reason. */
async function expectRefused(bytes: Uint8Array | string, reason: string, answer = ''): Promise<void> {
  const raw = await hub.raw();
  raw.send(bytes);
  expect(await raw.closed).toBe(answer);
  expect(hub.counters.counts.get(`mqtt.closed/${reason}`)).toBe(1);
}

describe('RELIABILITY §2.5, sizes', () => {
  test('256 MB announced before CONNECT is refused at the length byte', () =>
    expectRefused('10ffffff7f', 'packet-too-large'));
  test('4 KiB is the most before CONNACK', () => expectRefused('108220', 'packet-too-large'));
  test('256 MB announced by an admitted client is refused at the length byte', () =>
    expectClosed('30ffffff7f', 'packet-too-large'));
  test('a length of five bytes is malformed', () => expectClosed('30ffffffffff', 'malformed'));

  test('a packet of just under 256 KiB passes, in whatever pieces it comes', async () => {
    const client = await hub.connect('plug');
    const text = `"${'x'.repeat(255 * 1024)}"`;
    await client.publishAsync('signalbox/house/plug/telemetry/big', text, { qos: 1 });
    expect(hub.ingest.deliveries).toHaveLength(1);
  });

  test('a client that sends byte by byte is served', async () => {
    const raw = await hub.raw();
    raw.socket.setNoDelay(true);
    const bytes = Buffer.concat([connectPacket('c', 'plug'), packet(0x32, topic, '0001', Buffer.from('7'))]);
    for (const byte of bytes) {
      raw.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await raw.received(8)).toBe(`${connected}40020001`);
  });
});

/** A PUBLISH of so many bytes behind its fixed header. */
const publishOf = (bytes: number): Buffer =>
  packet(0x32, topic, '0001', Buffer.from(`"${'x'.repeat(bytes - topic.length - 4)}"`));

test('both sizes are settings', async () => {
  await hub.close();
  hub = await startHub({ packetBytes: 100, connectBytes: 40 });
  const raw = await hub.raw();
  raw.send(connectPacket('c', 'plug'), publishOf(100));
  expect(await raw.received(8)).toBe(`${connected}40020001`);
  raw.send(publishOf(101));
  await raw.closed;
  const talkative = await hub.raw();
  talkative.send(connectPacket('x'.repeat(40), 'plug'));
  expect(await talkative.closed).toBe('');
  expect(hub.counters.counts.get('mqtt.closed/packet-too-large')).toBe(2);
});

describe('RELIABILITY §2.5, the first packet', () => {
  test('anything but CONNECT is refused', () => expectRefused('c000', 'not-connect-first'));
  test('HTTP is refused', () => expectRefused(Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'not-connect-first'));
  test('a second CONNECT is refused', () => expectClosed(connectPacket('c', 'plug'), 'second-connect'));

  test('a client that does not send CONNECT within 5 s is closed', async () => {
    await hub.close();
    const clock = new ManualClock();
    hub = await startHub({ clock });
    const raw = await hub.raw();
    raw.send('10');
    // Another connection is served meanwhile: by then the first one is waited for.
    await (await hub.connect('plug')).endAsync();
    clock.advance(5000);
    expect(await raw.closed).toBe('');
    expect(hub.counters.counts.get('mqtt.closed/connect-deadline')).toBe(1);
  });

  test('any number of packets behind CONNECT in one write waits for the verdict and is then served', async () => {
    const publishes = Array.from({ length: 500 }, (_, index) =>
      packet(0x32, topic, Buffer.from([(index + 1) >> 8, (index + 1) & 0xff]), Buffer.from('7')),
    );
    const raw = await hub.raw();
    raw.send(Buffer.concat([connectPacket('c', 'plug'), ...publishes]));
    await raw.received(4 + 500 * 4);
    expect(hub.ingest.deliveries).toHaveLength(500);
  });

  test('nothing behind a refused CONNECT is executed', async () => {
    const raw = await hub.raw();
    raw.send(Buffer.concat([connectPacket('c', 'nobody'), packet(0x32, topic, '0001', Buffer.from('7'))]));
    expect(await raw.closed).toBe('20020005');
    expect(hub.ingest.deliveries).toEqual([]);
    const unread = packet(0x32, topic, '0001', Buffer.from('7')).length;
    expect(hub.counters.counts.get('mqtt.unread-bytes/before-connack')).toBe(unread);
  });
});

describe('MQTT 3.1.1 §1.5.3 and §3.1, what CONNECT holds', () => {
  test('a client id with NUL is rejected', () => expectRefused(withId('a\0b'), 'bad-client-id', '20020002'));
  test('a client id with a control character is rejected', () =>
    expectRefused(withId('a\nb'), 'bad-client-id', '20020002'));
  test('a client id that is not UTF-8 is rejected', () =>
    expectRefused(withId(Buffer.from('c328', 'hex')), 'bad-client-id', '20020002'));
  test('a client id of 129 bytes is rejected', () =>
    expectRefused(withId('x'.repeat(129)), 'bad-client-id', '20020002'));
  for (const id of ['constructor', '__proto__', 'ü', 'x'.repeat(128)])
    test(`the client id ${id.slice(0, 12)} is only a name`, async () => {
      const raw = await hub.raw();
      raw.send(withId(id));
      expect(await raw.received(4)).toBe(connected);
    });

  test('a will with QoS 3 is refused', () =>
    expectRefused(
      packet(0x10, field('MQTT'), '04de003c', field('c'), field('t'), field('x'), field('u'), field('plug')),
      'bad-qos',
    ));
  test('a will with a wildcard is refused', () =>
    expectRefused(
      packet(
        0x10,
        field('MQTT'),
        '04c6003c',
        field('c'),
        field('t/#'),
        field('x'),
        field('u'),
        field('plug'),
      ),
      'bad-topic',
    ));
  test('a password without a user name is refused', () =>
    expectRefused(
      packet(0x10, field('MQTT'), '0442003c', field('c'), field('plug')),
      'password-without-username',
    ));
});

describe('RELIABILITY §2.5, what the broker behind would let through', () => {
  test('a topic with NUL', () => expectClosed(publish('a\0b'), 'bad-topic'));
  test('a topic that is not UTF-8', () => expectClosed(publish(Buffer.from('ff61', 'hex')), 'bad-topic'));
  test('a topic with a surrogate', () => expectClosed(publish(Buffer.from('eda080', 'hex')), 'bad-topic'));
  test('an empty topic', () => expectClosed(publish(''), 'bad-topic'));
  test('a wildcard in a topic', () => expectClosed(publish('a/+'), 'bad-topic'));
  test('33 levels', () => expectClosed(publish('/'.repeat(32)), 'bad-topic'));
  test('a topic of 1025 bytes', () => expectClosed(publish('x'.repeat(1025)), 'bad-topic'));
  for (const [name, bytes] of [
    ['SUBSCRIBE', packet(0x80, '0001', field('a'), '00')],
    ['UNSUBSCRIBE', packet(0xa0, '0001', field('a'))],
    ['PUBREL', Buffer.from('60020001', 'hex')],
    ['PINGREQ', Buffer.from('c100', 'hex')],
    ['DISCONNECT', Buffer.from('e100', 'hex')],
  ] as const)
    test(`reserved flags of ${name}`, () => expectClosed(bytes, 'error'));
  test('packet id 0 in PUBLISH', () => expectClosed(packet(0x32, topic, '0000'), 'packet-id-zero'));
  test('packet id 0 in SUBSCRIBE', () =>
    expectClosed(packet(0x82, '0000', field('a'), '00'), 'packet-id-zero'));
  test('packet id 0 in PUBREL', () => expectClosed('62020000', 'packet-id-zero'));
  test('QoS 3', () => expectClosed(packet(0x36, topic, '0001'), 'bad-qos'));
  for (const filter of ['a#', '+a', 'a/#/b', '', 'a\0'])
    test(`the filter ${JSON.stringify(filter)}`, () =>
      expectClosed(packet(0x82, '0001', field(filter), '00'), 'bad-filter'));
  test('33 filters in one packet', () =>
    expectClosed(
      packet(0x82, '0001', ...Array.from({ length: 33 }, () => [field('a'), '00']).flat()),
      'bad-filter',
    ));
  test('the filter "a#" in UNSUBSCRIBE', () => expectClosed(packet(0xa2, '0001', field('a#')), 'bad-filter'));
  for (const [name, bytes] of [
    ['CONNACK', '20020000'],
    ['SUBACK', '9003000100'],
    ['PINGRESP', 'd000'],
    ['AUTH', 'f000'],
    ['a reserved type', '0000'],
  ] as const)
    test(`${name} from a client`, () => expectClosed(bytes, 'unexpected-packet'));

  test('an acknowledgement of nothing is harmless', async () => {
    const raw = await hub.raw();
    raw.send(connectPacket('c', 'plug'), '40020009', '50020009', 'c000');
    await raw.received(8);
  });

  test('one client breaking the rules leaves the others served', async () => {
    const canary = await hub.connect('plug', { clientId: 'canary' });
    await expectClosed(publish('a\0b'), 'bad-topic');
    await canary.publishAsync('signalbox/house/plug/telemetry/n', '1', { qos: 1 });
    await until(() => hub.ingest.deliveries.length === 1);
  });
});
