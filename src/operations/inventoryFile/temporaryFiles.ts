import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Between a file's name and what tells one run of podlift from another. */
const MARK = '.podlift-new.';

/** A name beside a file for something of this process that is to take its place: `.inventory.yaml.podlift-new.<host>.<pid>.<random>`. */
export function temporaryName(file: string): string {
  const own = `${encodeURIComponent(hostname())}.${process.pid}.${randomBytes(6).toString('hex')}`;
  return join(dirname(file), `.${basename(file)}${MARK}${own}`);
}

/** The process of this host that a file of such a name is of; undefined for all other names. */
export function makerOf(name: string): number | undefined {
  const [, own = ''] = name.split(MARK);
  const host = `${encodeURIComponent(hostname())}.`;
  const pid = own.startsWith(host) ? /^(\d+)\.[0-9a-f]+$/.exec(own.slice(host.length))?.[1] : undefined;
  return pid === undefined ? undefined : Number(pid);
}
