/** The clients of a benchmark, in a process of their own. */
import { answerCalls } from '../support/worker-process.ts';
import { maskedFrame, RawSocketIoClient } from './raw-client.ts';

/** Connections that are made at the same time. */
const wave = 50;

let clients: RawSocketIoClient[] = [];

async function connect(port: number, count: number): Promise<void> {
  for (let made = 0; made < count; made += wave) {
    const next = Array.from({ length: Math.min(wave, count - made) }, () => new RawSocketIoClient(port));
    await Promise.all(next.map(({ connected }) => connected));
    clients.push(...next);
  }
}

/** Resolves when all clients together have received so many frames more. */
function received(frames: number): Promise<void> {
  let missing = frames;
  return new Promise((resolve) => {
    for (const client of clients) {
      client.onFrame = () => {
        missing -= 1;
        if (missing === 0) resolve();
      };
    }
  });
}

/** Each client keeps `depth` events without acknowledgement under way; resolves after `total` acknowledgements. */
function exchange(total: number, depth: number): Promise<void> {
  const event = maskedFrame(
    '421["telemetry",{"metric":"power","value":1234.5,"ts":1795000000000,"id":"a1b2c3d4"}]',
  );
  const batch = Buffer.concat(Array.from({ length: depth }, () => event));
  let missing = total;
  return new Promise((resolve) => {
    for (const client of clients) {
      let underWay = depth;
      client.onFrame = () => {
        missing -= 1;
        underWay -= 1;
        if (missing === 0) resolve();
        if (underWay > 0 || missing <= 0) return;
        underWay = depth;
        client.send(batch);
      };
      client.send(batch);
    }
  });
}

let receiving: Promise<void> | undefined;

answerCalls({
  connect,
  close: () => {
    for (const client of clients) client.close();
    clients = [];
  },
  /** Two calls, so that the server may begin in between. */
  expect: (frames: number) => {
    receiving = received(frames);
  },
  received: () => receiving,
  exchange,
});
