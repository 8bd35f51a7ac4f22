/** A first guess at how a topic of the inbox is mapped, for a person to correct. Pure. */
import type { MappedValue, MappingDraft } from '#contract/mapping.ts';

const mostValues = 20;
const deepest = 6;

/** @param payload the last one, as text */
export function draftOf(topic: string, payload: string): MappingDraft {
  const levels = topic.split('/');
  // Mostly the last level says what, and the one before it who.
  const who = Math.max(0, levels.length - 2);
  const values = valuesOf(payload);
  return {
    name: topic.slice(0, 128),
    topic: levels.map((level, index) => (index === who ? '{device}' : level)).join('/'),
    group: slugOf(who > 0 ? (levels[0] ?? '') : ''),
    device: '{device}',
    values: values.length > 0 ? values : [{ path: '$', metric: levels.at(-1) || 'value' }],
  };
}

function valuesOf(payload: string): MappedValue[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    // Plain text is one value: the payload itself.
    return [];
  }
  return [...leaves(parsed, '$', [])].slice(0, mostValues);
}

function* leaves(value: unknown, path: string, names: readonly string[]): Iterable<MappedValue> {
  if (typeof value === 'number' || typeof value === 'boolean') {
    if (names.length > 0) yield { path, metric: names.join('.') };
    return;
  }
  if (typeof value !== 'object' || value === null || names.length >= deepest) return;
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${key}]` : isPlain(key) ? `.${key}` : `[${quoted(key)}]`;
    yield* leaves(inner, `${path}${step}`, [...names, key]);
  }
}

function isPlain(key: string): boolean {
  return /^[A-Za-z_]\w*$/.test(key);
}

/** RFC 9535, name selector. */
function quoted(key: string): string {
  return `'${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function slugOf(level: string): string {
  const slug = level.toLowerCase().replace(/[^a-z0-9_-]+/g, '-');
  return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(slug) && slug !== 'admin' ? slug : 'home';
}
