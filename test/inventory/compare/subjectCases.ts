import type { Change } from '../marked';
import { type CompareCase, LATER } from './CompareCase';

const CONTEXT = { '        name: dev-main': '        kubernetes: { context: dev-main }\n        name: dev-main' };

/** The workload `web` of dev with these service accounts of namespace production, in this order; one name: in the short form. */
function accounts(fields: string, ...names: readonly string[]): Change {
  const [only = '', ...more] = names;
  return {
    replace: CONTEXT,
    append:
      more.length === 0
        ? `  web: { namespace: production, serviceAccount: ${only}, environments: [dev], ${fields} }\n`
        : list(fields, names),
  };
}

/** The same in `subjects`, also for one name. */
function listed(fields: string, ...names: readonly string[]): Change {
  return { replace: CONTEXT, append: list(fields, names) };
}

function list(fields: string, names: readonly string[]): string {
  const subjects = names.map((name) => `{ namespace: production, serviceAccount: ${name} }`);
  const because = fields.includes('because') ? '' : ', because: one team';
  return `  web: { subjects: [${subjects.join(', ')}], environments: [dev], ${fields}${because} }\n`;
}

const DUAL = 'stage: dual, because: alone';
const rule = 'service-account-swapped';

/** Service accounts of a workload that has several. */
export const SUBJECT_CASES: readonly CompareCase[] = [
  {
    rule,
    when: 'one of several service accounts is removed, past irsa',
    base: accounts(DUAL, 'web', 'worker', 'cron'),
    head: accounts(DUAL, 'web', 'cron'),
    path: 'workloads.web',
    message:
      /^workload "web" no longer has service account production\/worker on main of dev: pods of the old one would be denied$/,
    hint: /^Keep the subject until none of its pods runs\.$/,
  },
  {
    rule,
    when: 'the first of several service accounts is removed',
    base: accounts(DUAL, 'web', 'worker', 'cron'),
    head: accounts(DUAL, 'worker', 'cron'),
    path: 'workloads.web',
    message: /^workload "web" no longer has service account production\/web on main of dev/,
  },
  {
    rule,
    when: 'the first of several service accounts remains alone, in the short form, and loses another that Terraform created, at irsa',
    base: accounts(LATER, 'web', 'worker'),
    head: accounts(LATER, 'web'),
    path: 'workloads.web',
    message:
      /no longer has service account production\/worker on main of dev: the next apply would delete the old one$/,
  },
  {
    rule,
    when: 'another service account becomes the first',
    base: accounts(DUAL, 'web', 'worker'),
    head: accounts(DUAL, 'worker', 'web'),
    path: 'workloads.web.subjects',
    message:
      /^workload "web" has production\/worker instead of production\/web as its first subject in dev: the next apply would destroy and create what belongs to both$/,
    hint: /^Keep production\/web first, and add others after it\.$/,
  },
  {
    rule,
    when: 'the service account of the short form becomes the second one',
    base: accounts(DUAL, 'web'),
    head: accounts(DUAL, 'worker', 'web'),
    path: 'workloads.web.subjects',
    message: /as its first subject in dev/,
  },
];

/** What may change of them: the same addresses in the state. */
export const SUBJECT_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head'>[] = [
  {
    when: 'the short form becomes subjects',
    base: accounts(DUAL, 'web'),
    head: listed(DUAL, 'web'),
  },
  {
    when: 'subjects become the short form',
    base: listed(DUAL, 'web'),
    head: accounts(DUAL, 'web'),
  },
  {
    when: 'a service account is added after the one of the short form',
    base: accounts(DUAL, 'web'),
    head: accounts(DUAL, 'web', 'worker'),
  },
  {
    when: 'the others change places',
    base: accounts(DUAL, 'web', 'worker', 'cron'),
    head: accounts(DUAL, 'web', 'cron', 'worker'),
  },
  {
    when: 'a workload at irsa is released in the change that turns the short form into subjects',
    base: accounts(LATER, 'web'),
    head: listed(`${LATER}, released: true`, 'web'),
  },
];
