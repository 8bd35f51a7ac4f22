import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { reading } from '../../support/commits.ts';
import { sentOf, shownOf } from '../../support/frame-readings.ts';
import { Frame } from '../../../hub/http/asyncapi-views.ts';

test('a frame is as it is described', () => {
  const readings = [reading(1), reading(2, { quality: 'bad', value: null, tags: { phase: '1' } })];
  const frame = { view: 'v', offset: 2, ...sentOf(shownOf(readings)) };
  expect(Compile(Frame).Check(frame)).toBe(true);
  expect(Compile(Frame).Check({ ...frame, incomplete: { start: 0, end: 1 } })).toBe(true);
});
