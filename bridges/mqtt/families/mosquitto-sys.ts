/**
 * What Mosquitto tells about itself under `$SYS/broker/`: https://mosquitto.org/man/mosquitto-8.html#idm289
 */
import { decodeScalar } from '#contract/formats/scalar.ts';
import type { Family, FamilyMessage, FamilyOutcome } from './family.ts';

/** `9284 seconds`: the only value with a word behind it. */
const seconds = /^(\d+) seconds$/;

export const mosquittoSys: Family = {
  name: 'mosquitto',

  recognises({ levels, text }: FamilyMessage): boolean {
    return levels[0] === '$SYS' && levels[1] === 'broker' && levels.length > 2 && text !== undefined;
  },

  decode({ levels, text = '' }: FamilyMessage): FamilyOutcome {
    const metric = levels.slice(2).join('.');
    const [, uptime] = seconds.exec(text) ?? [];
    if (uptime !== undefined)
      return {
        reports: [
          { device: 'broker', readings: [{ metric, value: Number(uptime), quality: 'good', unit: 's' }] },
        ],
      };
    const { value, quality } = decodeScalar(text);
    const unit = /(?:^|\.)bytes(?:\.(?:received|sent))?$/.test(metric) ? { unit: 'By' } : {};
    return { reports: [{ device: 'broker', readings: [{ metric, value, quality, ...unit }] }] };
  },
};
