import { expect, test } from 'vitest';
import { parsed } from '../../../dashboards/views/device-twin.tsx';

test('what is typed is JSON where it is some, else text; nothing takes the key away', () => {
  expect(['21.5', 'true', '{"a":[1]}', 'auto', '"7"', ' '].map(parsed)).toEqual([
    21.5,
    true,
    { a: [1] },
    'auto',
    '7',
    null,
  ]);
});
