import { ipAddress } from '../../../src/iam/conditions/ipAddress';

/** Range of the policy, address of the request, whether the address is in the range. */
const ADDRESSES: readonly (readonly [string, string, boolean])[] = [
  ['192.0.2.7/32', '192.0.2.7', true],
  ['192.0.2.7/32', '192.0.2.6', false],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/9', '10.128.0.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['2001:db8::1/128', '2001:db8::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::/32', '2001:db8:1::1', true],
  // Two colons stand for one group of zeros at least.
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0', true],
  ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8', true],
  ['1::8', '1:0:0:0:0:0:0:8', true],
  ['::/0', '1:2:3:4::5:6:7:8', false],
  ['::/0', '1:2:3:4:5:6:7:8:9', false],
  // An IPv4 address at the end of an IPv6 address.
  ['0:0:0:0:0:ffff:192.0.2.1', '::ffff:192.0.2.1', true],
  ['::ffff:192.0.2.0/120', '::ffff:c000:2ff', true],
  ['::/0', '1.2.3.4::5', false],
  ['::/0', '1.2.3.4::', false],
  ['::/0', '::1.2.3.4:5', false],
  ['::/0', '::1.2.3.256', false],
];

/** Texts that are no address and no range. */
const MALFORMED = [
  ...['', 'home', '1.2.3', '1.2.3.4.5', '1.2.3.', '01.2.3.4', '1.2.3.4 '],
  ...['::xyz', 'xyz::', '::12345', ':1:2:3:4:5:6:7', '1::2::3', ':::'],
];
const MALFORMED_PREFIXES = ['/33', '/x', '/', '/-1', '/8/8', '/ 8', '/0008'];

describe('an IP address', () => {
  it.each(ADDRESSES)('%2$s is in %1$s: %3$s', (range, address, expected) => {
    expect(ipAddress(address, { text: range })).toBe(expected);
  });

  it.each(MALFORMED)('is not %j, which is in no range', (text) => {
    expect(ipAddress(text, { text: '0.0.0.0/0' })).toBe(false);
    expect(ipAddress(text, { text: '::/0' })).toBe(false);
  });
});

describe('a range of IP addresses', () => {
  it.each(MALFORMED)('that is %j has no address', (text) => {
    expect(['192.0.2.1', '::1', '::', text].some((address) => ipAddress(address, { text }))).toBe(false);
  });

  it.each(MALFORMED_PREFIXES)('whose prefix is %j has no address', (prefix) => {
    expect(ipAddress('10.0.0.0', { text: `10.0.0.0${prefix}` })).toBe(false);
  });

  it('of IPv6 has prefixes up to 128', () => {
    expect(ipAddress('::1', { text: '::1/128' })).toBe(true);
    expect(ipAddress('::1', { text: '::1/129' })).toBe(false);
  });
});
