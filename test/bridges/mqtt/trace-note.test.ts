import { describe, expect, test } from 'vitest';
import { families } from '../../../bridges/mqtt/families/all.ts';
import { Inbound } from '../../../bridges/mqtt/inbound.ts';
import { TraceBook } from '../../../hub/ingest/trace-book.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { RecordingCommands, RecordingDevices, RecordingIngest } from './fakes.ts';
import { toMessage } from './families/decode.ts';

function startInbound(): {
  readonly inbound: Inbound;
  readonly traces: TraceBook;
  readonly ingest: RecordingIngest;
} {
  const traces = new TraceBook();
  const ingest = new RecordingIngest();
  const parts = { ingest, devices: new RecordingDevices(), commands: new RecordingCommands() };
  const inbound = new Inbound({ ...parts, traces, families, log: silentLog, counters: new CountersProbe() });
  return { inbound, traces, ingest };
}

describe('why is there nothing on my chart?', () => {
  test('a family understood it: bytes, decoder and values', async () => {
    const { inbound, traces } = startInbound();
    await inbound.take(toMessage('zigbee2mqtt/lamp', '{"temperature":21,"linkquality":90}'));
    expect(traces.ofDevice('zigbee2mqtt', 'lamp')).toMatchObject([
      {
        decoder: 'zigbee2mqtt',
        outcome: 'taken',
        payload: '{"temperature":21,"linkquality":90}',
        values: expect.arrayContaining([
          expect.objectContaining({ metric: 'temperature', value: 21 }),
        ]) as unknown,
      },
    ]);
  });

  test('the payload made no sense: quarantined, with the reason', async () => {
    const { inbound, traces } = startInbound();
    await inbound.take(toMessage('signalbox/house/plug/telemetry', '{broken'));
    expect(traces.ofTopic('signalbox/house/plug/telemetry')).toMatchObject([
      { outcome: 'quarantined', reason: { code: 'invalid-json' }, payload: '{broken' },
    ]);
  });

  test('nobody knows the topic: in the inbox, found by its topic', async () => {
    const { inbound, traces } = startInbound();
    await inbound.take(toMessage('attic/x', '1'));
    expect(traces.ofTopic('attic/x')).toMatchObject([{ outcome: 'inbox', reason: { code: 'unmapped' } }]);
  });

  test('it was only a retained replay: state, no point', async () => {
    const { inbound, traces } = startInbound();
    await inbound.take(toMessage('signalbox/house/plug/telemetry/power', '1', { isReplay: true }));
    expect(traces.ofDevice('house', 'plug')).toMatchObject([{ isState: true, outcome: 'taken' }]);
  });

  test('presence and descriptions are messages of the device too', async () => {
    const { inbound, traces } = startInbound();
    await inbound.take(toMessage('signalbox/house/plug/status', 'online'));
    expect(traces.ofDevice('house', 'plug')).toMatchObject([{ decoder: 'signalbox', values: [] }]);
  });

  test('ingest refused a value: dropped, with its name and the reason', async () => {
    const { inbound, traces, ingest } = startInbound();
    const rejected = [{ index: 0, code: 'too-old', message: 'Too old.' }];
    ingest.accept = async () => ({ epoch: 'e', offset: 1, accepted: 0, rejected });
    await inbound.take(toMessage('signalbox/house/plug/telemetry', '{"power":1}'));
    expect(traces.ofDevice('house', 'plug')).toMatchObject([
      { outcome: 'partly', values: [], dropped: [{ what: 'power', code: 'too-old' }] },
    ]);
  });
});
