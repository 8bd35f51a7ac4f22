/** One newest value with its unit; dimmed with its age when old, with a word when it cannot be trusted. */
import type { MetricInfo } from '#contract/device.ts';
import type { Tags } from '#contract/reading.ts';
import type { DeviceState } from '../state/registry.ts';
import { useApp } from './context.ts';
import { usePaced } from './use-paced.ts';

/** Silence after which a value says how old it is. */
export const oldAfterMs = 5 * 60_000;

interface ValueProps {
  readonly state: DeviceState;
  readonly info: Pick<MetricInfo, 'metric' | 'unit' | 'precision'>;
  readonly tags?: Tags | undefined;
  /** For small places: no more digits than fit. */
  readonly compact?: boolean;
}

export function LiveValue({ state, info, tags, compact = false }: ValueProps) {
  const { language } = useApp();
  const latest = usePaced(state.latest(info.metric, tags));
  const { values } = language;
  const { text, unit } = compact ? values.compact(latest?.value, info) : values.value(latest?.value, info);
  const quality = latest?.quality ?? 'good';
  const why = quality === 'good' ? undefined : language.t(`value.${quality}`);
  return (
    <span
      class={`value value-${quality}`}
      title={latest === undefined ? undefined : language.time(latest.timeMs)}
    >
      <bdi class="value-number">{text}</bdi>
      {unit !== '' && <span class="value-unit">{unit}</span>}
      {why !== undefined && <span class="value-why">{why}</span>}
    </span>
  );
}

/** "14 min ago", only when it is worth saying. */
export function Age({ state }: { readonly state: DeviceState }) {
  const { language, now } = useApp();
  const heardAt = state.heardAt.value;
  if (heardAt === undefined) return null;
  const ageMs = now.value - heardAt;
  const isSilent = state.info.value.presence !== 'online' || ageMs > oldAfterMs;
  if (!isSilent) return null;
  return (
    <time class="age" dateTime={new Date(heardAt).toISOString()} title={language.time(heardAt)}>
      {language.age(ageMs)}
    </time>
  );
}
