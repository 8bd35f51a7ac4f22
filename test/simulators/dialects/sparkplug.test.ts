import { describe, expect, test } from 'vitest';
import { decodePayload, encodePayload } from '#contract/formats/sparkplug-payload.ts';
import type { MqttPublish } from '../../../simulators/dialects/dialect.ts';
import { sparkplugDialect } from '../../../simulators/dialects/sparkplug.ts';
import { pumpDevice } from '../support/devices.ts';

const telemetry = {
  type: 'telemetry',
  ts: 1_780_315_200_000,
  values: { running: true, power: 12.5 },
} as const;

function wordsOfOne() {
  const words = sparkplugDialect.forDevice?.();
  if (words === undefined) throw new Error('Sparkplug counts its messages.');
  words.connecting?.();
  return words;
}

function read({ topic, payload }: MqttPublish) {
  const { seq, metrics = [] } = decodePayload(payload as Uint8Array);
  return { type: topic.split('/')[2], seq: seq?.toNumber(), metrics };
}

function bdSeq(publish: MqttPublish | undefined): number | undefined {
  return publish === undefined ? undefined : read(publish).metrics[0]?.longValue?.toNumber();
}

describe('Sparkplug B', () => {
  test('node and device are born, then data comes by alias, counted', () => {
    const words = wordsOfOne();
    const said = [...words.hello(pumpDevice), ...words.encode(telemetry, pumpDevice)].map(read);
    expect(said.map(({ type, seq }) => `${type} ${seq}`)).toEqual(['NBIRTH 0', 'DBIRTH 1', 'DDATA 2']);
    const [, birth, data] = said;
    const named = new Map(birth?.metrics.map(({ alias, name }) => [alias?.toNumber(), name]));
    expect(data?.metrics.map(({ alias, name }) => [named.get(alias?.toNumber()), name])).toEqual([
      ['running', undefined],
      ['power', undefined],
    ]);
  });
  test('the death of each connection has the number of its birth', () => {
    const words = wordsOfOne();
    expect([bdSeq(words.farewell(pumpDevice)), bdSeq(words.hello(pumpDevice)[0])]).toEqual([0, 0]);
    words.connecting?.();
    expect([bdSeq(words.farewell(pumpDevice)), bdSeq(words.hello(pumpDevice)[0])]).toEqual([1, 1]);
  });
  test('it is born again when it is asked to be', () => {
    const words = wordsOfOne();
    const asked = encodePayload(0, [{ name: 'Node Control/Rebirth', datatype: 11, booleanValue: true }]);
    const [node = '', device = ''] = words.commandFilters(pumpDevice);
    expect(words.reply?.(node, asked, pumpDevice)).toHaveLength(2);
    expect(words.reply?.(device, asked, pumpDevice)).toEqual([]);
  });
  test('a DCMD is a command', () => {
    const words = wordsOfOne();
    const [node = '', device = ''] = words.commandFilters(pumpDevice);
    const bytes = encodePayload(0, [{ name: 'speed', datatype: 10, doubleValue: 40 }]);
    expect(words.decode(device, '', pumpDevice, bytes)).toEqual({ name: 'speed', args: { value: 40 } });
    expect(words.decode(node, '', pumpDevice, bytes)).toBeUndefined();
  });
});
