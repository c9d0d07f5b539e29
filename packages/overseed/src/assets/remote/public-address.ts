/** Which addresses are out on the internet. Whoever can write a row must not make this machine ask its own network. */
import { BlockList, isIP } from 'node:net';

/** IPv4: what is reserved for one's own machine, network, provider, documentation, tests, groups and the future. */
const RESERVED = new BlockList();
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  RESERVED.addSubnet(address, prefix, 'ipv4');
}

/** IPv6 the other way round: only this part of it is given out for public use. */
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6');

/** Parts of that which are not, or which carry an IPv4 address to somewhere else: Teredo and 6to4. */
const SPECIAL = new BlockList();
for (const [address, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL.addSubnet(address, prefix, 'ipv6');
}

/** NAT64: the last four bytes are an IPv4 address, and mean it. A network without IPv4 has no other way out. */
const NAT64 = new BlockList();
NAT64.addSubnet('64:ff9b::', 96, 'ipv6');

/** @param address IPv4 or IPv6, without brackets or zone */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !RESERVED.check(address, 'ipv4');
  if (version !== 6) return false;
  if (NAT64.check(address, 'ipv6')) return isPublicAddress(lastFourBytes(address));
  // An IPv4 address in IPv6 clothes (::ffff:10.0.0.1) is not in the global part, and so is refused whatever it is.
  return GLOBAL.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

function lastFourBytes(ipv6: string): string {
  // The URL standard has one way to write each address, without dots.
  const groups = new URL(`http://[${ipv6}]/`).hostname.slice(1, -1).split(':').slice(-2);
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
