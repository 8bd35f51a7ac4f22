import { describe, expect, test } from 'vitest';
import { RejectedDeliveryError, TryAgainError } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import type { Delivery, IncomingReading, Settlement } from '#ports';
import { acceptAll } from '../../../hub/http/deliveries.ts';
import { IngestProbe } from './support.ts';

const common = { source: { edge: 'http', principal: 'p' } } as const;

function readings(count: number): IncomingReading[] {
  return Array.from({ length: count }, (_, value) => ({
    group: 'plant',
    device: 'pump',
    metric: 'm',
    value,
  }));
}

describe('one request, several deliveries', () => {
  test('in order and of a bounded size; the answer is that of the last offset', async () => {
    const ingest = new IngestProbe();
    const count = 2 * limits.readingsPerDelivery + 1;
    expect(await acceptAll(ingest, common, readings(count))).toEqual({
      epoch: 'e1',
      offset: 3,
      accepted: count,
      rejected: [],
    });
    expect(ingest.deliveries.flatMap((delivery) => delivery.readings.map(({ value }) => value))).toEqual(
      readings(count).map(({ value }) => value),
    );
    expect(ingest.deliveries).toMatchObject([common, common, common]);
  });

  test('rejections count from the first reading of the request, those of a whole delivery as well', async () => {
    const ingest = new IngestProbe();
    ingest.answer = (delivery, offset) => {
      if (offset === 1) throw new RejectedDeliveryError('too-old', 'All too old.');
      return { epoch: 'e1', offset, accepted: 1, rejected: [{ index: 1, code: 'odd', message: 'Odd.' }] };
    };
    const { accepted, rejected } = await acceptAll(ingest, common, readings(limits.readingsPerDelivery + 2));
    expect(accepted).toBe(1);
    expect(rejected.map(({ index }) => index)).toEqual([
      ...readings(limits.readingsPerDelivery).keys(),
      1001,
    ]);
    expect(rejected.at(-1)?.code).toBe('odd');
  });

  test('rejections are in their order, whichever delivery has its outcome first', async () => {
    const settlements: Settlement[] = [];
    const ingest = { offer: (_: Delivery, settlement: Settlement) => void settlements.push(settlement) };
    const stored = acceptAll(ingest, common, readings(limits.readingsPerDelivery + 1));
    for (const [offset, settlement] of settlements.toReversed().entries()) {
      const rejected = [{ index: 0, code: 'odd', message: 'Odd.' }];
      settlement.accepted({ epoch: 'e1', offset: 9 - offset, accepted: 0, rejected });
    }
    const { offset, rejected } = await stored;
    expect([offset, rejected.map(({ index }) => index)]).toEqual([9, [0, limits.readingsPerDelivery]]);
  });

  test('no readings come to nothing', async () => {
    expect(await acceptAll(new IngestProbe(), common, [])).toMatchObject({ epoch: undefined, accepted: 0 });
  });

  test('if nothing was accepted there is no epoch', async () => {
    const ingest = new IngestProbe();
    ingest.answer = () => Promise.reject(new RejectedDeliveryError('too-old', 'Too old.'));
    expect(await acceptAll(ingest, common, readings(1))).toMatchObject({ epoch: undefined, accepted: 0 });
  });

  test('what is not stored now makes all of it a repeat', async () => {
    const ingest = new IngestProbe();
    ingest.answer = ({ readings: chunk }, offset) => {
      if (offset === 2) throw new TryAgainError('busy', 'Busy.');
      return { epoch: 'e1', offset, accepted: chunk.length, rejected: [] };
    };
    await expect(acceptAll(ingest, common, readings(2500))).rejects.toThrow(TryAgainError);
  });
});
