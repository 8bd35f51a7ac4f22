/** One stalled player costs the others nothing and the server next to nothing. */
import { createServer } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { Harness, heard, type Running } from '../../hub/socketio/harness.ts';
import { Game, type GameServer } from './game.ts';
import { everyWay } from './transports.ts';

const harness = new Harness();
afterEach(() => harness.end());

interface Open {
  readonly game: Game;
  readonly running: Running<GameServer>;
}

async function open(): Promise<Open> {
  const httpServer = createServer();
  const game = new Game(httpServer);
  return { game, running: await harness.run(game.io, httpServer) };
}

/** Advances the game, each time as soon as all of these players have seen the last state. */
async function play(game: Game, ticks: number, players: readonly Socket[]): Promise<void> {
  for (let n = 0; n < ticks; n += 1) {
    const seen = players.map((player) => heard(player, 'state'));
    const tick = game.advance();
    for (const [number] of await Promise.all(seen)) expect(number).toBe(tick);
  }
}

/** The official client's own WebSocket: paused, nothing is read from the network any more. */
function webSocketOf(client: Socket): { pause(): void; resume(): void } {
  return (client.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }).ws;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process holds, garbage not counted. */
function heldMiB(): number {
  // Twice: what the first run finds unused, the second gives back.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

describe('A game at 60 Hz', () => {
  for (const [way, options] of everyWay)
    test(`every state reaches a healthy player whole, and steering moves the player, ${way}`, async () => {
      const { game, running } = await open();
      const player = await running.connected('/', options);
      await play(game, 60, [player]);

      const sockets = [...game.io.sockets.sockets.values()];
      player.emit('steer', { x: 6, y: -3 });
      await heard(sockets[0]!, 'steer');
      await play(game, 59, [player]);
      const state = heard(player, 'state');
      game.advance();
      const [, positions] = (await state) as [number, Buffer];
      expect(positions.byteLength).toBe(game.stateBytes);
      // One second later.
      expect(positions.readFloatLE(0)).toBeCloseTo(6, 3);
      expect(positions.readFloatLE(4)).toBeCloseTo(-3, 3);
    });

  test('a stalled player harms nobody, takes no memory, and is up to date when back', async () => {
    const { game, running } = await open();
    const healthy = await Promise.all(Array.from({ length: 5 }, () => running.connected()));
    const stalled = await running.connected();
    const ticksSeen: number[] = [];
    stalled.on('state', (tick: number) => ticksSeen.push(tick));
    await play(game, 60, [...healthy, stalled]);

    const before = heldMiB();
    webSocketOf(stalled).pause();
    const minute = 3_600;
    let mostQueued = 0;
    const socket = game.io.sockets.sockets.get(stalled.id!)!;
    for (let second = 0; second < 60; second += 1) {
      await play(game, minute / 60, healthy);
      mostQueued = Math.max(mostQueued, socket.bufferedBytes);
    }
    const growth = heldMiB() - before;
    const sent = (minute * game.stateBytes) / 2 ** 20;
    console.log(
      `One minute of game: ${sent.toFixed(0)} MiB of states for each player; the stalled one had at most ` +
        `${(mostQueued / 1024).toFixed(0)} KiB waiting, and the process holds ${growth.toFixed(1)} MiB more.`,
    );
    expect(socket.connected).toBe(true);
    expect(mostQueued).toBeGreaterThan(0);
    expect(mostQueued).toBeLessThan(96 * 1024);
    expect(growth).toBeLessThan(10);

    webSocketOf(stalled).resume();
    await expect.poll(() => socket.bufferedBytes).toBe(0);
    await expect
      .poll(() => {
        game.advance();
        return ticksSeen.at(-1)! > minute;
      })
      .toBe(true);
    expect(ticksSeen).toEqual(ticksSeen.toSorted((a, b) => a - b));
    expect(ticksSeen.length).toBeLessThan(minute);
  });
});
