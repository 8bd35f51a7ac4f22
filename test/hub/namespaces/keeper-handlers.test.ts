import type { Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replayed } from '../../support/keeper-fakes.ts';
import { ask, EdgeUnderTest } from './edge-under-test.ts';

const mapping = {
  name: 'mast',
  topic: 'mast/{m}',
  group: 'weather',
  device: '{m}',
  values: [{ path: '$.t', metric: 't' }],
};

let edge: EdgeUnderTest;
let operator: Socket;
beforeEach(async () => {
  edge = await EdgeUnderTest.start();
  operator = await edge.connect('/', { token: edge.access.give('ops', { role: 'operator', groups: '*' }) });
});
afterEach(() => edge.close());

function topicsOf({ items }: Record<string, unknown>): string[] {
  return (items as readonly { topic: string }[]).map(({ topic }) => topic);
}

describe('What nothing understood, over Socket.IO', () => {
  test('the inbox shows topics with their last payloads', async () => {
    const payloads = [{ id: 1, at: 2, payload: Buffer.from('{"t":1}'), principal: 'p' }];
    const row = { topic: 'mast/7', principal: 'p', why: 'No.', count: 3, firstSeen: 1, lastSeen: 2 };
    edge.inbox.push({ ...row, payloads });
    expect(await ask(operator, 'inbox', {})).toEqual({
      ok: true,
      items: [
        {
          ...row,
          payload: '{"t":1}',
          encoding: 'utf8',
          payloads: [{ at: 2, payload: '{"t":1}', encoding: 'utf8' }],
        },
      ],
    });
  });

  test('the inbox comes in pages, and no page holds more bytes than a message', async () => {
    const common = { principal: 'p', why: 'No.', count: 1, firstSeen: 1, lastSeen: 2 };
    for (const [topic, bytes] of [
      ['a', 9],
      ['b', 9],
      ['c', 900_000],
      ['d', 2_000_000],
      ['e', 9],
    ] as const)
      edge.inbox.push({
        ...common,
        topic,
        payloads: [{ id: 1, at: 2, payload: Buffer.alloc(bytes, 'x'), principal: 'p' }],
      });
    const pages: string[][] = [];
    let after: unknown;
    do {
      const page = await ask(operator, 'inbox', { limit: 2, ...(after === undefined ? {} : { after }) });
      pages.push(topicsOf(page));
      after = page['next'];
    } while (after !== undefined);
    expect(pages).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
    expect(await ask(operator, 'inbox', { after: { topic: 'a' } })).toMatchObject({ ok: false });
  });

  test('a mapping is previewed, saved, changed, listed and deleted', async () => {
    const readings = [{ group: 'weather', device: '7', metric: 't', value: 1 }];
    const messages = [{ topic: 'mast/7', payload: Buffer.from('x'), at: 1, readings, problems: [] }];
    edge.mappings.answer = { topics: 1, messages };
    expect(await ask(operator, 'previewMapping', mapping)).toMatchObject({
      topics: 1,
      items: [{ payload: 'x', readings }],
    });
    expect(await ask(operator, 'saveMapping', { mapping })).toMatchObject({
      mapping: { id: 'made', changedBy: 'ops' },
      applied: replayed,
    });
    await ask(operator, 'saveMapping', { id: 'x', mapping });
    expect(await ask(operator, 'mappings', {})).toMatchObject({ items: [{ id: 'made' }, { id: 'x' }] });
    expect(await ask(operator, 'deleteMapping', { id: 'x' })).toEqual({ ok: true });
    expect(await ask(operator, 'deleteMapping', { id: 'x' })).toMatchObject({
      error: { code: 'no-such-mapping' },
    });
  });

  test('quarantine is replayed, and a topic without a device is traced', async () => {
    expect(await ask(operator, 'replayQuarantine', { code: 'c' })).toEqual({ ok: true, replayed });
    expect(edge.quarantineDesk.asked).toEqual([['replay', { code: 'c' }]]);
    expect(await ask(operator, 'trace', { topic: 'attic' })).toEqual({ ok: true, items: [] });
  });

  test('a draft that is none is refused', async () => {
    expect(await ask(operator, 'saveMapping', { mapping: { ...mapping, values: [] } })).toMatchObject({
      error: { code: 'invalid-request' },
    });
  });

  test('all of it is for who may see every group', async () => {
    const grants = {
      'operator of one group': { role: 'operator', groups: ['home'] },
      viewer: { role: 'viewer', groups: '*' },
    } as const;
    for (const [name, grant] of Object.entries(grants)) {
      const socket = await edge.connect('/', { token: edge.access.give(name, grant) });
      for (const [event, payload] of Object.entries({
        inbox: {},
        mappings: {},
        previewMapping: mapping,
        saveMapping: { mapping },
        deleteMapping: { id: 'x' },
        replayQuarantine: {},
        trace: { topic: 't' },
      }))
        expect(await ask(socket, event, payload), `${name}: ${event}`).toMatchObject({
          error: { code: 'forbidden' },
        });
    }
    expect(edge.mappings.all).toEqual([]);
  });
});
