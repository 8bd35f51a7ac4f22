import { describe, expect, test } from 'vitest';
import { compare } from './compared-servers.ts';
import { httpObservations } from './http-observations.ts';
import { webSocketObservations } from './websocket-observations.ts';

/** Where this engine answers otherwise, and why. */
const deliberateDifferences: Record<string, string> = {
  'PUT with a session': 'a method that is not allowed is a 405, not an error of the server',
  'DELETE with a session': 'a method that is not allowed is a 405, not an error of the server',
  'OPTIONS with a session': 'a method that is not allowed is a 405, not an error of the server',
  'a packet of no type': 'a body that cannot be read is a 400, not ok',
  'an empty body': 'a body that cannot be read is a 400, not ok',
  'an empty message': 'a message without data is an empty text, not undefined',
  'the frame "4"': 'a message without data is an empty text, not undefined',
  'middleware that answers itself': 'what middleware answers to an upgrade is sent',
  'the frame "1"': 'a client that takes its leave is let go at once, not after the ping timeout',
  'an upgrade with EIO=3': 'refused before it becomes a WebSocket, not with HTTP inside one',
  'an upgrade whose id cannot be made': 'refused before it becomes a WebSocket, not with HTTP inside one',
  'an upgrade to polling': 'refused before it becomes a WebSocket',
  'an upgrade of a session with EIO=4&transport=polling': 'refused before it becomes a WebSocket',
};

describe('compared with npm engine.io', () => {
  for (const [name, observation] of Object.entries({ ...httpObservations, ...webSocketObservations })) {
    const reason = deliberateDifferences[name];
    test.concurrent(reason === undefined ? `the same: ${name}` : `other: ${name}: ${reason}`, async () => {
      const { ours, official } = await compare(observation);
      if (reason === undefined) expect(ours).toEqual(official);
      else expect(ours).not.toEqual(official);
    });
  }
});
