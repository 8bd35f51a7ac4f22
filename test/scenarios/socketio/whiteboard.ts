/**
 * A shared whiteboard. Each shape has a version; a change names the version it was made on, and is refused with the
 * present shape if somebody else was faster: nobody overwrites what they have not seen.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket as ClientSocket } from 'socket.io-client';
import { Server } from '#socketio';
import { listen } from './listen.ts';

export interface Shape {
  readonly id: string;
  readonly version: number;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** What may be changed of a shape. */
export type Change = Partial<Pick<Shape, 'x' | 'y' | 'text'>>;

type Answer =
  | { readonly ok: true; readonly shape: Shape }
  | { readonly ok: false; readonly why: 'conflict'; readonly shape: Shape }
  | { readonly ok: false; readonly why: 'unknown shape' };

interface FromClients {
  draw: (id: string, change: Change, ack: (answer: Answer) => void) => void;
  change: (id: string, version: number, change: Change, ack: (answer: Answer) => void) => void;
}

interface ToClients {
  /** Everything on the board, at the beginning. */
  board: (shapes: Shape[]) => void;
  /** A shape as it is now. */
  shape: (shape: Shape) => void;
}

export type WhiteboardServer = Server<FromClients, ToClients>;
export type Pen = ClientSocket<ToClients, FromClients>;

/** Adds the whiteboard to an HTTP server. */
export function whiteboard(httpServer: HttpServer): WhiteboardServer {
  const io: WhiteboardServer = new Server(httpServer);
  const shapes = new Map<string, Shape>();

  function put(shape: Shape): Answer {
    shapes.set(shape.id, shape);
    io.emit('shape', shape);
    return { ok: true, shape };
  }

  io.on('connection', (socket) => {
    socket.emit('board', [...shapes.values()]);
    socket.on('draw', (id, change, ack) => {
      const existing = shapes.get(id);
      if (existing !== undefined) return ack({ ok: false, why: 'conflict', shape: existing });
      ack(put({ id, version: 1, x: 0, y: 0, text: '', ...change }));
    });
    socket.on('change', (id, version, change, ack) => {
      const shape = shapes.get(id);
      if (shape === undefined) return ack({ ok: false, why: 'unknown shape' });
      if (shape.version !== version) return ack({ ok: false, why: 'conflict', shape });
      ack(put({ ...shape, ...change, version: version + 1 }));
    });
  });
  return io;
}

/**
 * The client's half: makes a change on the shape as it is, and after a conflict again on what the other one left.
 * @param change sees the shape it is made on
 * @throws {Error} the shape is not on the board
 */
export async function changeShape(pen: Pen, shape: Shape, change: (shape: Shape) => Change): Promise<Shape> {
  const answer = await pen.emitWithAck('change', shape.id, shape.version, change(shape));
  if (answer.ok) return answer.shape;
  if (answer.why === 'conflict') return changeShape(pen, answer.shape, change);
  throw new Error(`There is no shape ${shape.id}.`);
}

if (import.meta.main) listen(whiteboard);
