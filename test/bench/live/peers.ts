/**
 * What people write with the official `socket.io` in an afternoon. Both take the same messages from the same kind of
 * broker and send the same tuples as the hub does.
 */
import type { Server } from 'socket.io';

/** A reading as it crosses the wire: device, metric, epoch ms, value. */
export type Tuple = readonly [string, string, number, number];
export type Peer = (io: Server) => (reading: Tuple) => void;

/** (a) One emit per reading. */
export const emitEach: Peer = (io) => (reading) => {
  io.emit('reading', reading);
};

/** (b) A room, and whatever came within 100 ms as one event. */
export const emitBatches: Peer = (io) => {
  let batch: Tuple[] = [];
  io.on('connection', (socket) => void socket.join('readings'));
  setInterval(() => {
    if (batch.length > 0) io.to('readings').emit('readings', batch);
    batch = [];
  }, 100);
  return (reading) => {
    batch.push(reading);
  };
};
