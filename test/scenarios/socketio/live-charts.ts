/**
 * Live charts: who opens one gets the last minutes at once, and from there every point, with no gap and none twice.
 * After a lost connection a chart says what it has, and gets the rest.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket as ClientSocket } from 'socket.io-client';
import { Server } from '#socketio';
import { listen } from './listen.ts';

export interface Point {
  /** Counts up by one in each series, from 1. */
  readonly offset: number;
  readonly value: number;
}

interface FromClients {
  open: (series: string, afterOffset: number, ack: (points: readonly Point[]) => void) => void;
}

interface ToClients {
  point: (series: string, point: Point) => void;
}

/** How much of each series is kept for those who come later. */
export const keptPoints = 500;

export class LiveCharts {
  readonly io: Server<FromClients, ToClients>;
  readonly #kept = new Map<string, Point[]>();

  constructor(httpServer: HttpServer) {
    this.io = new Server(httpServer);
    this.io.on('connection', (socket) => {
      socket.on('open', (series, afterOffset, ack) => {
        // Both in one turn of the loop: a point is either in the answer or comes behind it, never both or neither.
        void socket.join(series);
        ack(this.kept(series).filter(({ offset }) => offset > afterOffset));
      });
    });
  }

  /** The newest points of a series, oldest first. */
  kept(series: string): readonly Point[] {
    return this.#kept.get(series) ?? [];
  }

  /** A new value of a series. */
  record(series: string, value: number): void {
    const points = this.#kept.get(series) ?? [];
    this.#kept.set(series, points);
    const point = { offset: (points.at(-1)?.offset ?? 0) + 1, value };
    points.push(point);
    if (points.length > keptPoints) points.shift();
    this.io.to(series).emit('point', series, point);
  }
}

/** The client's half: one chart that keeps itself complete over reconnections. */
export class Chart {
  readonly points: Point[] = [];

  constructor(socket: ClientSocket<ToClients, FromClients>, series: string) {
    socket.on('connect', () => {
      const newest = this.points.at(-1)?.offset ?? 0;
      socket.emit('open', series, newest, (points) => this.points.push(...points));
    });
    socket.on('point', (name, point) => {
      if (name === series) this.points.push(point);
    });
  }
}

if (import.meta.main)
  listen((httpServer) => {
    const charts = new LiveCharts(httpServer);
    setInterval(() => charts.record('temperature', 20 + Math.random()), 1000);
  });
