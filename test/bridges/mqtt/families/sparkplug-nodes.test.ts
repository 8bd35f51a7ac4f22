import { describe, expect, test } from 'vitest';
import { EdgeNode, EdgeNodes } from '../../../../bridges/mqtt/families/sparkplug-nodes.ts';

const second = 1_000_000;

describe('what is remembered of an edge node', () => {
  test('a birth replaces all that an earlier one told', () => {
    const node = new EdgeNode();
    node.born(0, 1);
    node.tell('oven', '5', { name: 'old', datatype: 9 });
    node.born(0, 2);
    expect([node.byAlias('5'), node.byName('oven', 'old'), node.bdSeq]).toEqual([undefined, undefined, 2]);
  });
  test('names belong to a device, aliases to the node', () => {
    const node = new EdgeNode();
    node.tell('oven', '5', { name: 'temp', datatype: 9 });
    expect(node.byAlias('5')?.name).toBe('temp');
    expect(node.byName('oven', 'temp')?.datatype).toBe(9);
    expect(node.byName('press', 'temp')).toBeUndefined();
  });
});

describe('asking for rebirths', () => {
  test('one node ever more rarely, until it is born', () => {
    const node = new EdgeNode();
    const askedAt = Array.from({ length: 200 }, (_, at) => at).filter((at) => node.mayAsk(at * second));
    expect(askedAt).toEqual([0, 10, 30, 70, 150]);
    node.born(0, 1);
    expect(node.mayAsk(200 * second)).toBe(true);
  });
  test('all nodes together at most 20 a second', () => {
    const nodes = new EdgeNodes();
    const ask = (nowUs: number): number =>
      Array.from({ length: 100 }, (_, at) => nodes.mayAsk(nodes.of(`g/${at}`), nowUs)).filter(Boolean).length;
    expect([ask(0), ask(1), ask(second)]).toEqual([20, 0, 20]);
  });
});
