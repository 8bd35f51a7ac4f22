/**
 * What EMQX tells about itself: `$SYS/brokers/<node>/…`, a device for each node of the cluster.
 * https://docs.emqx.com/en/emqx/latest/observability/mqtt-system-topics.html
 */
import type { Json } from '#contract/event.ts';
import { isPlainObject } from '#contract/formats/json.ts';
import { parseTime } from '#contract/formats/time.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { isFigure, isNodeName, readSysValue } from './sys-values.ts';

const clientEvents = /^(?:connected|disconnected|subscribed|unsubscribed)$/;
const alarmEvents = /^(?:alert|clear|activate|deactivate)$/;

export const emqx: Family = {
  name: 'emqx',

  recognises({ levels, text, json }: FamilyMessage): boolean {
    const [root, brokers, node = '', kind = '', ...rest] = levels;
    if (root !== '$SYS' || brokers !== 'brokers' || text === undefined) return false;
    if (node === '') return levels.length === 2;
    if (!isNodeName(node)) return false;
    if (kind === 'stats' || kind === 'metrics') return rest.length > 0 && isFigure(text);
    if (kind === 'clients')
      return rest.length > 1 && clientEvents.test(rest.at(-1) ?? '') && isPlainObject(json);
    if (kind === 'alarms') return rest.length > 0 && alarmEvents.test(rest.at(-1) ?? '');
    return rest.length === 0 && /^(?:version|uptime|datetime|sysdescr)$/.test(kind);
  },

  decode({ levels, text = '', json }: FamilyMessage): FamilyOutcome {
    const [, , device = '', kind = '', ...rest] = levels;
    if (device === '') return { reports: [], aside: 'The names of the nodes of a cluster of brokers.' };
    if (kind === 'datetime') return { reports: [], aside: 'The clock of a broker.' };
    if (kind === 'clients' || kind === 'alarms') {
      const fields = isPlainObject(json) ? json : {};
      const data = (isPlainObject(json) ? json : text) as Json;
      const name = kind === 'clients' ? `client.${rest.at(-1)}` : `alarm.${rest.at(-1)}`;
      return { reports: [{ device, events: [{ name, timeUs: parseTime(fields['ts']), data }] }] };
    }
    return { reports: [{ device, readings: [readSysValue([kind, ...rest].join('.'), text)] }] };
  },
};
