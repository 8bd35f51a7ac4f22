/** What came of a replay or a purge of quarantine, in the reader's language. */
import type { Language } from './language.ts';
import type { QuarantineProgress } from './quarantine-run.ts';

export function quarantineWords(language: Language, progress: QuarantineProgress): string {
  const { work, settled, readings, left } = progress;
  const number = (count: number): string => language.values.number(count, 0);
  if (work === 'purge') return language.t('quarantine.purged', { count: number(settled) });
  const leftOver = Object.entries(left)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${number(count)}`);
  const taken = language.t('quarantine.replayed', { messages: number(settled), readings: number(readings) });
  if (leftOver.length === 0) return taken;
  return `${taken} ${language.t('quarantine.left', { reasons: leftOver.join(', ') })}`;
}
