/** The query of a request: the last of several values, in an object without a prototype, for names are the peer's. */
export function parseQuery(url: string): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  const start = url.indexOf('?');
  if (start === -1) return query;
  const hash = url.indexOf('#', start);
  const text = hash === -1 ? url.slice(start + 1) : url.slice(start + 1, hash);
  for (const [name, value] of new URLSearchParams(text)) query[name] = value;
  return query;
}
