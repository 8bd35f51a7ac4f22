/**
 * A game at 60 Hz: each state is sent volatile, so that whoever falls behind skips states instead of queueing them.
 */
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from '#socketio';
import { listen } from './listen.ts';

const ticksPerSecond = 60;
/** Bullets, enemies and walls: two coordinates each. */
const thingCount = 2_048;
/** Above so much that waits for a player, states are not sent to that player: two or three of them. */
const volatileMaxBufferedBytes = 48 * 1024;

/** Metres per second to the right and up. */
export interface Velocity {
  readonly x: number;
  readonly y: number;
}

interface FromPlayers {
  steer: (velocity: Velocity) => void;
}

interface ToPlayers {
  /** Everything that is on the field, as pairs of 32-bit floats; the players come first. */
  state: (tick: number, positions: Uint8Array) => void;
}

export type GameServer = Server<FromPlayers, ToPlayers, Record<string, never>, { velocity: Velocity }>;
type Player = Socket<FromPlayers, ToPlayers, Record<string, never>, { velocity: Velocity }>;

export class Game {
  readonly io: GameServer;
  readonly #positions = new Float32Array(thingCount * 2);
  readonly #bytes = new Uint8Array(this.#positions.buffer);
  /** Who plays at which place of the field. */
  readonly #places = new Map<Player, number>();
  #tick = 0;

  constructor(httpServer: HttpServer) {
    this.io = new Server(httpServer, { volatileMaxBufferedBytes });
    this.io.on('connection', (player) => this.#enter(player));
  }

  /** The size of one state as it is sent. */
  get stateBytes(): number {
    return this.#bytes.byteLength;
  }

  /** Moves everything by one 60th of a second and tells all players. @returns the number of the tick */
  advance(): number {
    this.#tick += 1;
    for (const [{ data }, place] of this.#places) {
      this.#positions[place] = this.#positions[place]! + data.velocity.x / ticksPerSecond;
      this.#positions[place + 1] = this.#positions[place + 1]! + data.velocity.y / ticksPerSecond;
    }
    // A copy: what waits to be sent must not change any more.
    this.io.volatile.emit('state', this.#tick, this.#bytes.slice());
    return this.#tick;
  }

  /** Plays on its own. @returns a function that stops it */
  run(): () => void {
    const timer = setInterval(() => this.advance(), 1000 / ticksPerSecond);
    return () => clearInterval(timer);
  }

  #enter(player: Player): void {
    const taken = new Set(this.#places.values());
    const place = Array.from({ length: thingCount }, (_, n) => n * 2).find((free) => !taken.has(free));
    if (place === undefined) {
      player.disconnect();
      return;
    }
    this.#places.set(player, place);
    player.data.velocity = { x: 0, y: 0 };
    player.on('steer', (velocity) => {
      player.data.velocity = velocity;
    });
    player.on('disconnect', () => this.#places.delete(player));
  }
}

if (import.meta.main) listen((httpServer) => new Game(httpServer).run());
