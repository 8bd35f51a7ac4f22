import { expect, test } from 'vitest';
import { Cursor } from '../../../bridges/influxdb/cursor.ts';

class Follower {
  moves: { readonly offset: number; readonly end: (error?: Error) => void }[] = [];
  #position = 10;

  position = (): number => this.#position;

  moveTo(offset: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const end = (error?: Error): void => {
        if (error !== undefined) return reject(error);
        this.#position = offset;
        resolve(offset);
      };
      this.moves.push({ offset, end });
    });
  }
}

test('is one move ahead of what is durable, and no more', async () => {
  const follower = new Follower();
  const cursor = new Cursor(follower);
  await cursor.advance(20);
  expect([cursor.at, follower.position()]).toEqual([20, 10]);
  const second = cursor.advance(30);
  expect(follower.moves.map(({ offset }) => offset)).toEqual([20]);
  follower.moves[0]?.end();
  await second;
  expect([cursor.at, follower.position()]).toEqual([30, 20]);
  follower.moves[1]?.end();
  await cursor.settle();
  expect([cursor.at, follower.position()]).toEqual([30, 30]);
});

test('a move that failed is told by the next call, and the cursor is where the file is', async () => {
  const follower = new Follower();
  const cursor = new Cursor(follower);
  await cursor.advance(20);
  follower.moves[0]?.end(new Error('disk full'));
  await expect(cursor.advance(30)).rejects.toThrow('disk full');
  expect([cursor.at, follower.moves.length]).toEqual([10, 1]);
});

test('goes anywhere, once what was under way is done', async () => {
  const follower = new Follower();
  const cursor = new Cursor(follower);
  await cursor.advance(20);
  const back = cursor.goTo(5);
  follower.moves[0]?.end();
  await expect.poll(() => follower.moves.length).toBe(2);
  follower.moves[1]?.end();
  expect([await back, cursor.at]).toEqual([5, 5]);
});
