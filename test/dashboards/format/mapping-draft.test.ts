import { expect, test } from 'vitest';
import { draftOf } from '../../../dashboards/format/mapping-draft.ts';

test('every number of a JSON payload is guessed to be a value, with a path that leads to it', () => {
  const payload = '{"Time":"2026-11-22","SENSOR":{"Temp":21.4,"a b":1,"it\'s":[true]},"x":null}';
  expect(draftOf('tele/thing-7/SENSOR', payload)).toEqual({
    name: 'tele/thing-7/SENSOR',
    topic: 'tele/{device}/SENSOR',
    group: 'tele',
    device: '{device}',
    values: [
      { path: '$.SENSOR.Temp', metric: 'SENSOR.Temp' },
      { path: "$.SENSOR['a b']", metric: 'SENSOR.a b' },
      { path: "$.SENSOR['it\\'s'][0]", metric: "SENSOR.it's.0" },
    ],
  });
});

test('a plain payload is one value, named after the last level', () => {
  expect(draftOf('office/printer/toner', 'low')).toMatchObject({
    topic: 'office/{device}/toner',
    group: 'office',
    values: [{ path: '$', metric: 'toner' }],
  });
  expect(draftOf('toner', '7')).toMatchObject({ topic: '{device}', group: 'home' });
});
