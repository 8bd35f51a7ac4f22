/** Two who change the same shape at once do not undo each other's work. */
import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard } from '../../hub/socketio/harness.ts';
import { everyWay } from './transports.ts';
import { changeShape, whiteboard, type Pen, type Shape } from './whiteboard.ts';

const harness = new Harness();
afterEach(() => harness.end());

/** A client with the board as it sees it. */
interface Drawer {
  readonly pen: Pen;
  readonly board: Map<string, Shape>;
}

/** Opens a board. @returns a function that brings one more client to it, and resolves when that has the board */
async function open(options: object): Promise<() => Promise<Drawer>> {
  const httpServer = createServer();
  const running = await harness.run(whiteboard(httpServer), httpServer);
  return async () => {
    const pen: Pen = running.client('/', options);
    const board = new Map<string, Shape>();
    pen.on('shape', (shape) => board.set(shape.id, shape));
    const [shapes] = (await heard(pen, 'board')) as [Shape[]];
    for (const shape of shapes) board.set(shape.id, shape);
    return { pen, board };
  };
}

for (const [way, options] of everyWay)
  describe(`A shared whiteboard ${way}`, () => {
    test('of two changes made on the same version one is taken, and the other hears of the conflict', async () => {
      const come = await open(options);
      const [ann, bob] = [await come(), await come()];
      await ann.pen.emitWithAck('draw', 'note', { text: 'Milk' });
      const answers = await Promise.all([
        ann.pen.emitWithAck('change', 'note', 1, { text: 'Milk and bread' }),
        bob.pen.emitWithAck('change', 'note', 1, { text: 'Milk and tea' }),
      ]);
      const taken = answers.find(({ ok }) => ok);
      const refused = answers.find(({ ok }) => !ok);
      expect(taken).toMatchObject({ ok: true, shape: { version: 2 } });
      expect(refused).toEqual({
        ok: false,
        why: 'conflict',
        shape: (taken as { readonly shape: Shape }).shape,
      });
    });

    test('the refused one tries again on what the other left, and both changes are on the board', async () => {
      const come = await open(options);
      const [ann, bob] = [await come(), await come()];
      const drawn = await ann.pen.emitWithAck('draw', 'note', { text: 'Milk', x: 10 });
      const shape = (drawn as { readonly shape: Shape }).shape;
      await Promise.all([
        changeShape(ann.pen, shape, ({ text }) => ({ text: `${text}, bread` })),
        changeShape(bob.pen, shape, ({ x }) => ({ x: x + 5 })),
      ]);
      const expected = { id: 'note', version: 3, x: 15, y: 0, text: 'Milk, bread' };
      await expect.poll(() => ann.board.get('note')).toEqual(expected);
      await expect.poll(() => bob.board.get('note')).toEqual(expected);
    });

    test('of forty moves by four people at once none is lost, and all end with the same board', async () => {
      const come = await open(options);
      const people = await Promise.all(Array.from({ length: 4 }, come));
      const drawn = await people[0]!.pen.emitWithAck('draw', 'counter', {});
      const shape = (drawn as { readonly shape: Shape }).shape;
      await Promise.all(
        people.flatMap(({ pen }) =>
          Array.from({ length: 10 }, () => changeShape(pen, shape, ({ x }) => ({ x: x + 1 }))),
        ),
      );
      for (const { board } of people)
        await expect.poll(() => board.get('counter')).toMatchObject({ x: 40, version: 41 });
    });

    test('who comes later gets the board first', async () => {
      const come = await open(options);
      const ann = await come();
      for (const id of ['a', 'b', 'c']) await ann.pen.emitWithAck('draw', id, { text: `shape ${id}` });
      const late = await come();
      expect([...late.board.values()].map(({ text }) => text)).toEqual(['shape a', 'shape b', 'shape c']);
    });

    test('a shape that nobody drew cannot be changed', async () => {
      const come = await open(options);
      const { pen } = await come();
      const nothing: Shape = { id: 'nothing', version: 1, x: 0, y: 0, text: '' };
      await expect(changeShape(pen, nothing, () => ({ x: 1 }))).rejects.toThrow('There is no shape nothing.');
    });
  });
