/**
 * The way back to one client of the embedded broker: what its devices are told in their family's words goes to it alone,
 * and only if it listens there. Spec: ARCHITECTURE §6.
 */
import { matchesTopic } from '#contract/topic-filters.ts';
import type { BrokerClient } from './broker-questions.ts';
import type { WayBack } from './meaning.ts';

export function clientBack(client: BrokerClient, mayReceive: (topic: string) => boolean): WayBack {
  return {
    isOpen: () => client.connected,
    async publish(topic, payload) {
      if (!client.connected) throw new Error('The device is not connected any more.');
      if (!client.filters.some((filter) => matchesTopic(filter, topic)) || !mayReceive(topic))
        throw new Error(`The client of the device does not listen on ${topic}.`);
      await client.send(topic, payload);
    },
  };
}
