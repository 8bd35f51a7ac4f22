import { expect, test } from 'vitest';
import { principalNames } from '../../../hub/http/principal-names.ts';

const tokens = new Map([['t1', 'Ann']]);
const parts = {
  access: { nameOf: (id: string) => tokens.get(id) },
  audit: {
    list: async (_limit: number, query?: { principal?: string | undefined }) =>
      query?.principal === 'session:of-ann'
        ? [
            {
              id: 1,
              at: 1,
              principal: 'session:of-ann',
              action: 'session:create',
              target: 't1',
              outcome: 'ok',
            },
          ]
        : [],
  },
};

test('tokens and sessions of tokens have names; others have none', async () => {
  const names = await principalNames(parts, ['t1', 'session:of-ann', 'session:unknown', 'demo', 't1']);
  expect([...names]).toEqual([
    ['t1', 'Ann'],
    ['session:of-ann', 'Ann'],
  ]);
});
