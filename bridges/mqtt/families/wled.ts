/**
 * WLED: brightness, colour and presence of LED strips below `wled/<device>`. https://kno.wled.ge/interfaces/mqtt/
 */
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';
import { presenceOf } from './presence.ts';

const colour = /^#[0-9A-F]{6}(?:[0-9A-F]{2})?$/i;
const switchWord = /^(?:on|off|short|long|double)$/;

export const wled: Family = {
  name: 'wled',

  recognises({ levels, text }: FamilyMessage): boolean {
    if (levels[0] !== 'wled' || levels.length < 2 || text === undefined) return false;
    const [, , kind, number = ''] = levels;
    if (levels.length === 2) return /^(?:ON|OFF|T|\d{1,3})$/i.test(text);
    if (kind === 'button' || kind === 'motion')
      return levels.length === 4 && /^\d+$/.test(number) && switchWord.test(text);
    if (levels.length !== 3) return false;
    if (kind === 'g') return /^\d{1,3}$/.test(text);
    if (kind === 'c') return colour.test(text);
    return kind === 'status' ? presenceOf(text) !== undefined : /^(?:api|col|v)$/.test(kind ?? '');
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const [, device = '', kind, number] = levels;
    switch (kind ?? '') {
      case 'g':
        return { reports: [{ device, readings: [{ metric: 'brightness', value: Number(text) }] }] };
      case 'c':
        return { reports: [{ device, readings: [{ metric: 'color', value: text }] }] };
      case 'status':
        return { reports: [{ device, presence: presenceOf(text) }] };
      case 'motion':
        return { reports: [{ device, readings: [{ metric: `motion.${number}`, value: text === 'on' }] }] };
      case 'button':
        return {
          reports: [{ device, events: [{ name: 'button', data: { button: Number(number), action: text } }] }],
        };
      default:
        return { reports: [], aside: 'A command to a WLED device, or its whole state as XML.' };
    }
  },
};
