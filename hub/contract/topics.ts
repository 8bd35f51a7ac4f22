/** Our own MQTT topics: ARCHITECTURE §8. Pure: builds and parses topic names, nothing else. */

export const defaultTopicRoot = 'signalbox';

export type OwnTopic =
  | { readonly kind: 'telemetry'; readonly group: string; readonly device: string; readonly metric?: string }
  | {
      readonly kind: 'event' | 'status' | 'reported' | 'desired';
      readonly group: string;
      readonly device: string;
    }
  | {
      readonly kind: 'command' | 'result';
      readonly group: string;
      readonly device: string;
      readonly id: string;
    };

/** Undefined when the topic is not one of ours. Names are not checked against the id rules here. */
export function parseTopic(topic: string, root: string = defaultTopicRoot): OwnTopic | undefined {
  if (!topic.startsWith(`${root}/`)) return undefined;
  const [group, device, verb, ...rest] = topic.slice(root.length + 1).split('/');
  if (!group || !device || !verb) return undefined;
  const [first, second] = rest;
  switch (verb) {
    case 'telemetry':
      if (rest.length === 0) return { kind: 'telemetry', group, device };
      return rest.length === 1 && first ? { kind: 'telemetry', group, device, metric: first } : undefined;
    case 'event':
    case 'status':
    case 'reported':
    case 'desired':
      return rest.length === 0 ? { kind: verb, group, device } : undefined;
    case 'commands':
      if (rest.length === 1 && first) return { kind: 'command', group, device, id: first };
      return rest.length === 2 && first && second === 'result'
        ? { kind: 'result', group, device, id: first }
        : undefined;
    default:
      return undefined;
  }
}

export function formatTopic(topic: OwnTopic, root: string = defaultTopicRoot): string {
  const base = `${root}/${topic.group}/${topic.device}`;
  switch (topic.kind) {
    case 'telemetry':
      return topic.metric === undefined ? `${base}/telemetry` : `${base}/telemetry/${topic.metric}`;
    case 'event':
    case 'status':
    case 'reported':
    case 'desired':
      return `${base}/${topic.kind}`;
    case 'command':
      return `${base}/commands/${topic.id}`;
    case 'result':
      return `${base}/commands/${topic.id}/result`;
  }
}
