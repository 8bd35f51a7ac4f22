/**
 * Device and metric patterns of a view: ids, where `*` stands for any run of characters. Compiled once per view.
 * No regular expressions: a pattern comes from a client, and this one is linear whatever it says.
 */

export interface Selection {
  /** Absent when a pattern has a wildcard (or there is no pattern): then only {@link matches} can tell. Each once. */
  readonly ids?: Iterable<string>;
  matches(id: string): boolean;
}

const everything: Selection = { matches: () => true };

/** @param patterns undefined = everything */
export function compileSelection(patterns: readonly string[] | undefined): Selection {
  if (patterns === undefined || patterns.includes('*')) return everything;
  const [only = ''] = patterns;
  // Most views are of one group and one device: thousands of them are to be small.
  if (patterns.length === 1 && !only.includes('*')) return { ids: patterns, matches: (id) => id === only };
  const ids = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  if (wild.length === 0) return { ids, matches: (id) => ids.has(id) };
  return { matches: (id) => ids.has(id) || wild.some((parts) => fits(parts, id)) };
}

/** `parts` are what stands between the wildcards: the first must begin the id, the last must end it. */
function fits(parts: readonly string[], id: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (id.length < first.length + last.length) return false;
  if (!id.startsWith(first) || !id.endsWith(last)) return false;
  const end = id.length - last.length;
  let at = first.length;
  // Taking each part at its earliest place is enough: it leaves the most room for the rest.
  for (const part of parts.slice(1, -1)) {
    const found = id.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
