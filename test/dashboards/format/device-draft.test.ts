import { expect, test } from 'vitest';
import { deviceDraftOf, devicePatchOf } from '../../../dashboards/format/device-draft.ts';

const before = deviceDraftOf({
  title: 'Boiler',
  labels: { floor: '1', note: 'a=b' },
  location: { name: 'Cellar', latitude: 47.5 },
});

test('what was not touched is not said', () => {
  expect(devicePatchOf(before, before)).toEqual({});
});

test('what changed is said, what was emptied is removed', () => {
  const after = {
    ...before,
    title: ' ',
    labels: 'floor=2\n\nroom = x ',
    place: '',
    longitude: '8.25',
    latitude: '',
  };
  expect(devicePatchOf(before, after)).toEqual({
    title: null,
    labels: { floor: '2', room: 'x', note: null },
    location: { name: null, latitude: null, longitude: 8.25 },
  });
});

test.each([{ labels: 'floor' }, { labels: '=1' }, { latitude: 'north' }])('%o cannot be said', (part) => {
  expect(devicePatchOf(before, { ...before, ...part })).toBeUndefined();
});
