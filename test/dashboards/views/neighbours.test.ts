import { expect, test } from 'vitest';
import { neighbourOf } from '../../../dashboards/views/neighbours.ts';

const devices = ['a', 'b', 'c'].map((device) => ({ device }));

test('the neighbours of a device go around the end; alone it has none', () => {
  expect(neighbourOf(devices, 'b', 1)?.device).toBe('c');
  expect(neighbourOf(devices, 'c', 1)?.device).toBe('a');
  expect(neighbourOf(devices, 'a', -1)?.device).toBe('c');
  expect(neighbourOf([{ device: 'a' }], 'a', 1)).toBeUndefined();
  expect(neighbourOf(devices, 'x', 1)).toBeUndefined();
});
