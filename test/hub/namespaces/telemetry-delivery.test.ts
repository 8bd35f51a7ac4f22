import { describe, expect, test } from 'vitest';
import { RejectedDeliveryError } from '#contract/errors.ts';
import { readTelemetry } from '../../../hub/namespaces/incoming.ts';
import { Reply } from '../../../hub/namespaces/reply.ts';
import { TelemetryDelivery } from '../../../hub/namespaces/telemetry-delivery.ts';
import { CountersProbe, silentLog } from '../../support/fakes.ts';
import { callerOf } from './fake-socket.ts';

const caller = callerOf({ device: 'lamp' });

function deliver(payload: unknown) {
  const answers: object[] = [];
  const ack = (answer: object): void => void answers.push(answer);
  const reply = new Reply({ log: silentLog, counters: new CountersProbe() }, 'telemetry', ack);
  const incoming = readTelemetry(caller, payload, 7, () => false);
  return { answers, delivery: new TelemetryDelivery(caller, incoming, { payload, receivedAtUs: 7, reply }) };
}

describe('A delivery of telemetry', () => {
  test('says whose it is, when it came, and holds what came', () => {
    const { delivery } = deliver({ power: 5 });
    expect(delivery).toMatchObject({ source: caller.source, receivedAtUs: 7, givesWay: false });
    expect(delivery.readings).toMatchObject([{ group: 'home', device: 'lamp', metric: 'power', value: 5 }]);
    expect(Buffer.from(delivery.raw.bytes).toString()).toBe('{"power":5}');
  });

  test('that was taken answers with its receipt, and what was refused by the item that was sent', () => {
    const { answers, delivery } = deliver([5, { power: 1 }, { power: 2 }]);
    const tooOld = { index: 1, code: 'too-old', message: 'Too old.' };
    delivery.accepted({ epoch: 'e', offset: 9, accepted: 1, rejected: [tooOld] });
    expect(answers).toEqual([
      {
        ok: true,
        offset: 9,
        accepted: 1,
        rejected: [
          { index: 0, path: '/0', code: 'not-an-object', message: 'An item is a JSON object.' },
          { ...tooOld, index: 2, metric: 'power' },
        ],
      },
    ]);
  });

  test('that was refused answers why', () => {
    const { answers, delivery } = deliver({ power: 5 });
    delivery.refused(new RejectedDeliveryError('too-old', 'Too old.'));
    expect(answers).toEqual([{ ok: false, error: { code: 'too-old', message: 'Too old.' } }]);
  });
});
