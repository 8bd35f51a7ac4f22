/**
 * Which web pages may speak to the hub: cross-site WebSocket hijacking and CSRF stop here. Pure.
 * One rule for Socket.IO's upgrade and polling and for unsafe HTTP requests.
 */

/**
 * @param origin the request's `Origin`; absent = no browser, which must bring a token instead of a cookie
 * @param host the request's `Host`: the hub's own pages are always welcome
 * @param allowed further origins, exactly as a browser writes them: `https://example.org:8443`
 */
export function isAllowedOrigin(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  const page = parseOrigin(origin);
  if (page === undefined) return false;
  return (host !== undefined && page.host === host.toLowerCase()) || allowed.includes(page.origin);
}

/** Undefined for `null`, other schemes than http(s), and whatever is more or less than one origin. */
function parseOrigin(text: string): { readonly origin: string; readonly host: string } | undefined {
  const match = /^(https?):\/\/([^\s/?#@\\]+)$/i.exec(text);
  if (match === null || !URL.canParse(text)) return undefined;
  const { origin } = new URL(text);
  // What the parser had to rewrite was not written by a browser.
  return origin === text.toLowerCase() ? { origin, host: new URL(text).host } : undefined;
}
