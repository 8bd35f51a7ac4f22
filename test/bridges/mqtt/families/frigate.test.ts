import { expect, test } from 'vitest';
import { understand } from './decode.ts';

const after = {
  id: '1.5-ab',
  camera: 'yard',
  label: 'dog',
  start_time: 1780315190.5,
  frame_time: 1780315200.25,
  end_time: null,
  score: 0.8,
};

test('an event is one of its camera, with the time of its picture', () =>
  expect(understand('frigate/events', { type: 'new', before: after, after })).toEqual([
    `frigate/yard ! events.new ${JSON.stringify(after)} @2026-06-01T12:00:00.250Z`,
  ]));

test('counts and switches are readings of the camera', () => {
  expect(understand('frigate/yard/dog', '2')).toEqual(['frigate/yard dog = 2']);
  expect(understand('frigate/yard/motion', 'ON')).toEqual(['frigate/yard motion = true']);
  expect(understand('frigate/yard/detect/state', 'OFF')).toEqual(['frigate/yard detect = false']);
});

test('it says whether it runs and how fast', () => {
  expect(understand('frigate/available', 'online')).toEqual(['frigate/frigate is online']);
  expect(
    understand('frigate/stats', { cameras: { yard: { camera_fps: 5, pid: 77 } }, service: { version: '1' } }),
  ).toEqual(['frigate/frigate cameras.yard.camera_fps = 5']);
});

test('pictures and commands are set aside', () => {
  expect(understand('frigate/yard/dog/snapshot', new Uint8Array([0xff, 0xd8, 0xff]))).toEqual(['aside']);
  expect(understand('frigate/yard/detect/set', 'ON')).toEqual(['aside']);
});
