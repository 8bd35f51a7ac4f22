/** The names are the peer's, so it inherits nothing; but it is no dictionary to the engine, which would take longer. */
const Query = function () {} as unknown as new () => Record<string, string>;
Query.prototype = Object.create(null);

/** As the official clients write it, and nothing in it to decode: nearly all queries, and each poll has one. */
const usual = /^[^?#]*\?EIO=(\d+)&transport=([a-z]+)(?:&t=([\w-]+))?(?:&sid=([\w-]+))?$/;

/** The query of a request: the last of several values. */
export function parseQuery(url: string): Record<string, string> {
  return parseUsual(url) ?? parseAny(url);
}

function parseUsual(url: string): Record<string, string> | undefined {
  const parts = usual.exec(url);
  if (parts === null) return undefined;
  const [, revision, transport, time, sid] = parts as unknown as [string, string, string, string?, string?];
  const query = new Query();
  query['EIO'] = revision;
  query['transport'] = transport;
  if (time !== undefined) query['t'] = time;
  if (sid !== undefined) query['sid'] = sid;
  return query;
}

function parseAny(url: string): Record<string, string> {
  const query = new Query();
  const start = url.indexOf('?');
  if (start === -1) return query;
  const hash = url.indexOf('#', start);
  const text = hash === -1 ? url.slice(start + 1) : url.slice(start + 1, hash);
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
