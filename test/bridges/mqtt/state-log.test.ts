import { expect, test } from 'vitest';
import type { BrokerChange } from '#ports';
import { StateLog } from '../../../bridges/mqtt/state-log.ts';

const change = (key: string): BrokerChange => ({ kind: 'retained', client: '', key });

test('changes of one turn go together and in order; a failure is told to each that waits for it', async () => {
  const written: (string | undefined)[][] = [];
  let failing = false;
  const log = new StateLog({
    async change(changes) {
      if (failing) throw new Error('full');
      written.push(changes.map(({ key }) => key));
    },
  });
  await Promise.all([log.add(change('a')), log.add(change('b'))]);
  await log.add(change('c'));
  expect(written).toEqual([['a', 'b'], ['c']]);
  failing = true;
  const results = await Promise.allSettled([log.add(change('d')), log.add(change('e'))]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await log.settled();
});
