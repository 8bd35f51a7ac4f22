import { expect, test } from 'vitest';
import { clientBack } from '../../../bridges/mqtt/client-back.ts';
import type { BrokerClient } from '../../../bridges/mqtt/broker-questions.ts';

function client(filters: readonly string[], connected = true): BrokerClient & { sent: string[] } {
  const sent: string[] = [];
  return {
    id: 'c',
    address: '',
    clean: true,
    connected,
    filters,
    sent,
    send: async (topic, payload) => void sent.push(`${topic} ${String(payload)}`),
    close: () => {},
  };
}
const payload = Buffer.from('ON');

test('a client is told what it listens to', async () => {
  const plug = client(['cmnd/plug/#']);
  await clientBack(plug, () => true).publish('cmnd/plug/POWER', payload);
  expect(plug.sent).toEqual(['cmnd/plug/POWER ON']);
});

test('what it does not listen to, or may not hear, is an error that says so', async () => {
  await expect(
    clientBack(client(['other/#']), () => true).publish('cmnd/plug/POWER', payload),
  ).rejects.toThrow('does not listen on cmnd/plug/POWER');
  await expect(clientBack(client(['#']), () => false).publish('cmnd/plug/POWER', payload)).rejects.toThrow(
    'does not listen',
  );
});

test('a client that is gone cannot be told anything', async () => {
  const back = clientBack(client(['#'], false), () => true);
  expect(back.isOpen()).toBe(false);
  await expect(back.publish('cmnd/plug/POWER', payload)).rejects.toThrow('not connected');
});
