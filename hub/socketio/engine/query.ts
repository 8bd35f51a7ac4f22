/** The query of a request: the last of several values, in an object without a prototype, for names are the peer's. */
export function parseQuery(url: string): Record<string, string> {
  const query = Object.create(null) as Record<string, string>;
  const start = url.indexOf('?');
  if (start === -1) return query;
  const hash = url.indexOf('#', start);
  const text = hash === -1 ? url.slice(start + 1) : url.slice(start + 1, hash);
  // Nearly all queries have nothing to decode, and each poll has one.
  if (text.includes('%') || text.includes('+')) readEncoded(text, query);
  else readPlain(text, query);
  return query;
}

function readEncoded(text: string, query: Record<string, string>): void {
  for (const [name, value] of new URLSearchParams(text)) query[name] = value;
}

function readPlain(text: string, query: Record<string, string>): void {
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals === -1) query[pair] = '';
    else query[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
}
