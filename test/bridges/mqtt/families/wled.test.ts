import { expect, test } from 'vitest';
import { understand } from './decode.ts';

test('brightness, colour, presence, motion and buttons', () => {
  expect(understand('wled/desk/g', '200')).toEqual(['wled/desk brightness = 200']);
  expect(understand('wled/desk/c', '#00FF7F')).toEqual(['wled/desk color = "#00FF7F"']);
  expect(understand('wled/desk/status', 'offline')).toEqual(['wled/desk is offline']);
  expect(understand('wled/desk/motion/1', 'on')).toEqual(['wled/desk motion.1 = true']);
  expect(understand('wled/desk/button/0', 'long')).toEqual([
    'wled/desk ! button {"button":0,"action":"long"}',
  ]);
});

test('commands and the XML of the whole state are set aside', () => {
  for (const [topic, payload] of [
    ['wled/desk', 'ON'],
    ['wled/desk/col', '#FF0000'],
    ['wled/desk/api', 'FX=1'],
    ['wled/desk/v', '<vs/>'],
  ] as const)
    expect(understand(topic, payload)).toEqual(['aside']);
});

test('other payloads there are nobody’s', () => {
  expect(understand('wled/desk/g', 'bright')).toEqual(['unknown']);
  expect(understand('wled/desk/status', 'booting')).toEqual(['unknown']);
});
