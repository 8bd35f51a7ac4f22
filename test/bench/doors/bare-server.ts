/**
 * The least that can acknowledge after an fsync: reads QoS 1 PUBLISHes, puts a row for each into one table of SQLite in a
 * thread with a group commit, and answers. No topics, rights, validation, history or live view. What this machine, its
 * disk and the load leave of a latency is in its figures. `node bare-server.ts FILE` prints its port. MQTT 3.1.1.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';

interface Waiting {
  readonly socket: Socket;
  readonly packetIds: readonly number[];
}

const connect = 1;
const connack = Buffer.from([0x20, 2, 0, 0]);

if (isMainThread) serve(process.argv[2] ?? '');
else if (parentPort !== null) store(parentPort, String(workerData));

/** In: how many rows; out: how many such messages are durable. */
function store(port: NonNullable<typeof parentPort>, file: string): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
  database.exec('CREATE TABLE hot (offset INTEGER PRIMARY KEY, series, time, value)');
  const add = database.prepare('INSERT INTO hot (series, time, value) VALUES (?, ?, ?)');
  port.on('message', (first: number) => {
    const group = [first];
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      group.push(next.message as number);
    database.exec('BEGIN IMMEDIATE');
    for (const rows of group) for (let row = 0; row < rows; row += 1) add.run(row, Date.now(), row / 8);
    database.exec('COMMIT');
    port.postMessage(group.length);
  });
}

function serve(file: string): void {
  const writer = new Worker(import.meta.filename, { workerData: file });
  const posted: Waiting[][] = [];
  let gathered: Waiting[] = [];
  const flush = (): void => {
    const turn = gathered;
    gathered = [];
    posted.push(turn);
    const rows = turn.reduce((sum, { packetIds }) => sum + packetIds.length, 0);
    writer.postMessage(rows, []);
  };
  writer.on('message', (turns: number) => {
    for (const { socket, packetIds } of posted.splice(0, turns).flat()) socket.write(pubacks(packetIds));
  });
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = Buffer.alloc(0);
    // Clients go without a word.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const bytes = Buffer.concat([rest, chunk]);
      const { packetIds, end, connects } = read(bytes);
      rest = Buffer.from(bytes.subarray(end));
      if (connects) socket.write(connack);
      if (packetIds.length === 0) return;
      if (gathered.length === 0) setImmediate(flush);
      gathered.push({ socket, packetIds });
    });
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}

/** The complete packets; none is longer than two bytes of length can say. */
function read(bytes: Buffer): { packetIds: number[]; end: number; connects: boolean } {
  const packetIds: number[] = [];
  let [end, connects] = [0, false];
  while (end + 3 <= bytes.length) {
    const [low = 0, high = 0] = bytes.subarray(end + 1, end + 3);
    const [start, length] = low < 128 ? [end + 2, low] : [end + 3, (low & 0x7f) | (high << 7)];
    if (start + length > bytes.length) break;
    if ((bytes[end] ?? 0) >> 4 === connect) connects = true;
    else packetIds.push(bytes.readUInt16BE(start + 2 + bytes.readUInt16BE(start)));
    end = start + length;
  }
  return { packetIds, end, connects };
}

function pubacks(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(packetIds.length * 4);
  packetIds.forEach((id, index) => {
    bytes.writeUInt16BE(0x4002, index * 4);
    bytes.writeUInt16BE(id, index * 4 + 2);
  });
  return bytes;
}
