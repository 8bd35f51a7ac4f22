import { describe, expect, test } from 'vitest';
import { map, toldTo } from './decode.ts';

const status = (component: string, fields: object): string[] =>
  toldTo(`shellyplus1-a8032ab1/status/${component}`, fields);
const call = (method: string, params: object): string =>
  JSON.stringify({ id: 'c1', src: 'signalbox-commands', method, params });

describe('Shelly, generation 2: calls', () => {
  test('a switch with an output can be switched', () =>
    expect(status('switch:0', { id: 0, output: false, apower: 0 })).toEqual([
      `shelly/shellyplus1-a8032ab1 switch:0.output switch → shellyplus1-a8032ab1/rpc ${call('Switch.Set', { id: 0, on: true })}`,
    ]));
  test('a notification without the output says nothing of it', () =>
    expect(
      toldTo('shelly-1/events/rpc', {
        src: 'shelly-1',
        dst: 'shelly-1/events',
        method: 'NotifyStatus',
        params: { ts: 1_780_000_000, 'switch:0': { id: 0, apower: 3 } },
      }),
    ).toEqual([]));
  test('a light has a switch and a brightness', () =>
    expect(status('light:1', { id: 1, output: true, brightness: 20 })).toEqual([
      `shelly/shellyplus1-a8032ab1 light:1.output switch → shellyplus1-a8032ab1/rpc ${call('Light.Set', { id: 1, on: true })}`,
      `shelly/shellyplus1-a8032ab1 light:1.brightness slider 0..100/1 % → shellyplus1-a8032ab1/rpc ${call('Light.Set', { id: 1, brightness: 100 })}`,
    ]));
  test('a cover that knows where it stands goes to a position', () =>
    expect(status('cover:0', { id: 0, state: 'stopped', current_pos: 30 })).toEqual([
      `shelly/shellyplus1-a8032ab1 cover:0.current_pos slider 0..100/1 % → shellyplus1-a8032ab1/rpc ${call('Cover.GoToPosition', { id: 0, pos: 100 })}`,
    ]));
  test('an input cannot be told anything', () =>
    expect(status('input:0', { id: 0, state: true })).toEqual([]));
  test('an answer to a call is the answer to its command', () => {
    const answer = { id: 'c1', src: 'shellyplus1-a8032ab1', dst: 'signalbox-commands' };
    expect(map('signalbox-commands/rpc', { ...answer, result: { was_on: false } })?.answers).toEqual([
      { id: 'c1', answer: { ok: true, state: 'succeeded', result: { was_on: false } } },
    ]);
    expect(
      map('signalbox-commands/rpc', {
        ...answer,
        error: { code: -105, message: 'Argument id, value 7 not found!' },
      })?.answers,
    ).toEqual([
      {
        id: 'c1',
        answer: { ok: false, error: { code: 'shelly--105', message: 'Argument id, value 7 not found!' } },
      },
    ]);
  });
  test('an answer to somebody else’s call is none of ours', () =>
    expect(map('other/rpc', { id: 'c1', src: 'shelly-1', dst: 'other', result: {} })?.answers).toEqual([]));
});

describe('Shelly, generation 1: commands', () => {
  test('a relay is told beside its state', () =>
    expect(toldTo('shellies/shelly1-1/relay/0', 'off')).toEqual([
      'shelly/shelly1-1 relay.0 switch → shellies/shelly1-1/relay/0/command on',
    ]));
  test('a roller that is calibrated goes to a position', () => {
    expect(toldTo('shellies/roller-1/roller/0/pos', '40')).toEqual([
      'shelly/roller-1 roller.0.pos slider 0..100/1 % → shellies/roller-1/roller/0/command/pos 100',
    ]);
    expect(toldTo('shellies/roller-1/roller/0/pos', '-1')).toEqual([]);
  });
});
