import { expect, test } from 'vitest';
import { isFigure, isNodeName, readSysValue } from '../../../../bridges/mqtt/families/sys-values.ts';

test('a node of Erlang has a name and a host', () => {
  expect(['emqx@a.example', 'VerneMQ@10.0.0.1', 'node1', '@a', 'a@'].map(isNodeName)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('a figure is a number and nothing else', () => {
  expect(['1', '-2.5', '1e3', '', '1 s', 'x', undefined].map(isFigure)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a span that is not told in these words stays a text', () => {
  expect(readSysValue('uptime', '2 minutes, 1 second')).toMatchObject({ value: 121, unit: 's' });
  expect(readSysValue('uptime', '2 fortnights')).toMatchObject({ value: '2 fortnights' });
});
