import type { Change } from '../marked';
import { type CompareCase, LATER, twoClusters } from './CompareCase';

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

/** Service accounts that podlift neither creates nor annotates. */
function none(...names: readonly string[]): readonly string[] {
  return names.map((name) => `{ name: ${name}, manage: none }`);
}

/** The workload `web` at dual in dev, which has two clusters: `web` is on `batch` alone, and the ids of associations are these. */
function imported(associations: string, ...names: readonly string[]): Change {
  const subjects = [
    '{ namespace: production, serviceAccount: web, clusters: [batch] }',
    ...names.map((name) => `{ namespace: production, serviceAccount: ${name} }`),
  ];
  const role = `role: { name: web-irsa, adopt: true, imports: { associations: ${associations} } }`;
  return twoClusters(
    `  web: { subjects: [${subjects.join(', ')}], environments: [dev], ${DUAL}, found: dual, ${role} }\n`,
  );
}

const ADOPTED = 'role: { name: web-irsa, adopt: true }';
const EXTERNAL = 'role: { name: web-irsa, manage: external }';
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
    hint: /^Keep the subject until none of its pods runs\. To remove it .*: podlift check --base REVISION --allow-removal web\.$/,
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
    hint: /^Keep production\/web first, also when none of its pods runs, and add others after it\.$/,
  },
  {
    rule,
    when: 'the first of several service accounts is removed on purpose, past irsa',
    base: accounts(DUAL, 'web', 'worker', 'cron'),
    head: accounts(DUAL, 'worker', 'cron'),
    allowedRemovals: ['web'],
    path: 'workloads.web.subjects',
    message: /^workload "web" has production\/worker instead of production\/web as its first subject in dev/,
  },
  {
    rule,
    when: 'one of several service accounts that podlift leaves to others is removed, at irsa',
    base: accounts(LATER, ...none('web', 'worker')),
    head: accounts(LATER, ...none('web')),
    path: 'workloads.web',
    message:
      /^workload "web" no longer has service account production\/worker on main of dev: pods of the old one would be denied$/,
  },
  {
    rule,
    when: 'an adopted role gets another service account, at irsa',
    base: accounts(`${LATER}, ${ADOPTED}`, ...none('web')),
    head: accounts(`${LATER}, ${ADOPTED}`, ...none('shop')),
    path: 'workloads.web.serviceAccount',
    message: /from production\/web to production\/shop in dev: pods of the old one would be denied$/,
  },
  {
    rule,
    when: 'an external role gets another service account, at irsa',
    base: accounts(`${LATER}, ${EXTERNAL}`, ...none('web')),
    head: accounts(`${LATER}, ${EXTERNAL}`, ...none('shop')),
    path: 'workloads.web.serviceAccount',
    message: /from production\/web to production\/shop in dev: pods of the old one would be denied$/,
  },
  {
    rule,
    when: 'the first service account is listed once for each cluster: the second place has other addresses',
    base: twoClusters(`  web: { namespace: production, serviceAccount: web, environments: [dev], ${DUAL} }\n`),
    head: twoClusters(
      `  web: { subjects: [${['main', 'batch'].map((key) => `{ namespace: production, serviceAccount: web, clusters: [${key}] }`).join(', ')}], environments: [dev], ${DUAL} }\n`,
    ),
    path: 'workloads.web.subjects',
    message:
      /^workload "web" lists production\/web several times, and on batch of dev another one of them has it: the next apply would destroy/,
    hint: /^Keep production\/web on the same clusters in the first subject: main, batch\.$/,
  },
  {
    rule,
    when: 'the id of an association stands alone, and another service account becomes the first on its cluster',
    base: imported('{ main: a-1 }', 'worker'),
    head: imported('{ main: a-1 }', 'cron', 'worker'),
    path: 'workloads.web.role.imports.associations.main',
    message:
      /^imports has association a-1 of production\/worker on main of dev, and would give it to production\/cron: the next apply would destroy it$/,
    hint: /^An id alone is that of the first subject on the cluster\. Write the map: \{ production\/worker: a-1 \}\.$/,
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
export const SUBJECT_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'allowedRemovals'>[] = [
  {
    when: 'one of several service accounts is removed on purpose',
    base: accounts(DUAL, 'web', 'worker', 'cron'),
    head: accounts(DUAL, 'web', 'cron'),
    allowedRemovals: ['web'],
  },
  {
    when: 'the id of an association that stood alone is in a map, and another service account becomes the first on its cluster',
    base: imported('{ main: a-1 }', 'worker'),
    head: imported('{ main: { production/worker: a-1 } }', 'cron', 'worker'),
  },
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
