/**
 * What VerneMQ tells about itself: `$SYS/<node>/…`, a topic for each metric, whose name is parted at every `_`.
 * https://docs.vernemq.com/monitoring/systree
 */
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { isFigure, isNodeName, readSysValue } from './sys-values.ts';

export const vernemq: Family = {
  name: 'vernemq',

  recognises({ levels, text }: FamilyMessage): boolean {
    const [root, node = '', ...rest] = levels;
    return root === '$SYS' && isNodeName(node) && rest.length > 0 && isFigure(text);
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const [, device = '', ...rest] = levels;
    return { reports: [{ device, readings: [readSysValue(rest.join('_'), text)] }] };
  },
};
