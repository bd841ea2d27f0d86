import { boundedCache } from '../boundedCache';

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

interface AddressRange extends Address {
  readonly prefix: number;
}

const OCTET = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const PREFIX = /^\d{1,3}$/;

function parseIpv4(text: string): Address | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) return undefined;
  return { bits: 32, value: octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n) };
}

/** The 16-bit groups on one side of `::`. A dotted IPv4 address at the end counts as two groups. */
function groupsOf(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const words = text.split(':');
  for (const [index, word] of words.entries()) {
    const embedded = last && index === words.length - 1 ? parseIpv4(word) : undefined;
    if (embedded !== undefined) groups.push(embedded.value >> 16n, embedded.value & 0xffffn);
    else if (GROUP.test(word)) groups.push(BigInt(`0x${word}`));
    else return undefined;
  }
  return groups;
}

function parseIpv6(text: string): Address | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const before = groupsOf(head, tail === undefined);
  const after = tail === undefined ? [] : groupsOf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...new Array<bigint>(missing).fill(0n), ...after];
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65536n + group, 0n) };
}

function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/**
 * Parses an IPv4 or IPv6 address or CIDR range. An address without a prefix is a range of one address.
 * @returns undefined for another text
 */
const parseAddressRange = boundedCache(1024, (text): AddressRange | undefined => {
  const [address = '', prefix, more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || more !== undefined) return undefined;
  if (prefix === undefined) return { ...parsed, prefix: parsed.bits };
  return PREFIX.test(prefix) && Number(prefix) <= parsed.bits ? { ...parsed, prefix: Number(prefix) } : undefined;
});

/**
 * Whether the address is in the range. No IPv4 address is in an IPv6 range, and no IPv6 address is in an IPv4 range.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export function ipAddress(found: string, wanted: { readonly text: string }): boolean {
  const address = parseAddress(found);
  const range = parseAddressRange(wanted.text);
  if (address === undefined || range?.bits !== address.bits) return false;
  const shift = BigInt(range.bits - range.prefix);
  return address.value >> shift === range.value >> shift;
}
