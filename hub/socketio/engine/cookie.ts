/** The cookie that carries a session's id to a load balancer. Spec: RFC 6265 section 4.1. */

export interface CookieOptions {
  name?: string;
  path?: string | false;
  domain?: string;
  httpOnly?: boolean;
  secure?: boolean;
  partitioned?: boolean;
  /** Seconds. */
  maxAge?: number;
  expires?: Date;
  sameSite?: boolean | 'lax' | 'strict' | 'none' | 'Lax' | 'Strict' | 'None';
  priority?: 'low' | 'medium' | 'high';
  encode?: (value: string) => string;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

function sameSiteText(sameSite: NonNullable<CookieOptions['sameSite']>): string {
  return typeof sameSite === 'string' ? capitalised(sameSite) : 'Strict';
}

/** The value of a `Set-Cookie` header. */
export function serializeCookie(value: string, options: CookieOptions): string {
  const encode = options.encode ?? encodeURIComponent;
  const parts = [`${options.name ?? 'io'}=${encode(value)}`];
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(options.maxAge)}`);
  if (options.domain) parts.push(`Domain=${options.domain}`);
  if (options.path) parts.push(`Path=${options.path}`);
  if (options.expires) parts.push(`Expires=${options.expires.toUTCString()}`);
  if (options.httpOnly) parts.push('HttpOnly');
  if (options.secure) parts.push('Secure');
  if (options.partitioned) parts.push('Partitioned');
  if (options.priority) parts.push(`Priority=${capitalised(options.priority)}`);
  if (options.sameSite) parts.push(`SameSite=${sameSiteText(options.sameSite)}`);
  return parts.join('; ');
}
