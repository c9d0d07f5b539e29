/** Where a file may be fetched from. Asked again for every redirect. */
import { isIP } from 'node:net';
import type { RemoteFiles } from '../../model/asset-columns.ts';
import { UnusableFile } from '../unusable-file.ts';
import { isPublicAddress } from './public-address.ts';

export const DEFAULT_MAX_BYTES = 25_000_000;
export const DEFAULT_TIMEOUT_MS = 30_000;

/** True for paths that are web addresses. */
export function isWebAddress(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * The address to ask. The URL standard writes every form of an IP address the same way, so `http://0x7f.1` is no trick.
 * @throws UnusableFile when `remote` does not allow it
 */
export function allowedUrl(text: string, remote: RemoteFiles): URL {
  if (!URL.canParse(text)) throw new UnusableFile('is not a valid address');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UnusableFile(`leads to a ${url.protocol} address; only http and https are read`);
  if (url.username !== '' || url.password !== '')
    throw new UnusableFile('holds a user name or a password, which do not belong in rows');
  if (!remote.hosts.some((pattern) => matches(pattern, url)))
    throw new UnusableFile(
      `is on ${url.host}, which is not among the allowed hosts (${remote.hosts.join(', ') || 'none'})`,
    );
  const host = bareHost(url);
  if (isIP(host) !== 0) refusePrivate([host], remote);
  return url;
}

/** @throws UnusableFile when one of the addresses of a host is private: then none of them is trusted */
export function refusePrivate(
  addresses: readonly string[],
  { privateAddresses = 'refuse' }: RemoteFiles,
): void {
  if (privateAddresses === 'allow') return;
  const isPrivate = addresses.find((address) => !isPublicAddress(address));
  if (isPrivate !== undefined)
    throw new UnusableFile(`leads to ${isPrivate}, an address inside this machine or its network`);
}

/** Without the brackets of IPv6 and the dot that may end a name. */
function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** A pattern without a port means the protocol's own. */
function matches(pattern: string, url: URL): boolean {
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  const ownPort = url.protocol === 'https:' ? '443' : '80';
  if ((url.port || ownPort) !== (port || ownPort)) return false;
  const host = bareHost(url);
  if (name.startsWith('*.')) return host.endsWith(name.slice(1)) && host.length >= name.length;
  return name !== '' && host === name.replace(/^\[|\]$/g, '');
}

/** An address as it may be shown and kept: without what may be a secret. */
export function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text.replace(/[?#][\s\S]*$/, '');
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`;
}
