/** WebSocket text frames of less than 64 kB, as both ends of a benchmark send them. Spec: RFC 6455 section 5.2. */

const finalText = 0x81;
const masked = 0x80;

/** The head of the request that opens a connection, Engine.IO 4 by WebSocket; further headers and an empty line follow. */
export const upgradeHead = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: bench',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
].join('\r\n');

/** As servers send them. */
export function serverFrame(text: string): Buffer {
  return frame(text, 0);
}

/** As clients send them; the mask of zeros spares the work of masking. */
export function maskedFrame(text: string): Buffer {
  return frame(text, masked);
}

function frame(text: string, mask: number): Buffer {
  const payload = Buffer.from(text);
  const lengthBytes = payload.length < 126 ? 2 : 4;
  const start = lengthBytes + (mask === 0 ? 0 : 4);
  const bytes = Buffer.alloc(start + payload.length);
  bytes[0] = finalText;
  bytes[1] = mask | (lengthBytes === 2 ? payload.length : 126);
  if (lengthBytes === 4) bytes.writeUInt16BE(payload.length, 2);
  payload.copy(bytes, start);
  return bytes;
}
