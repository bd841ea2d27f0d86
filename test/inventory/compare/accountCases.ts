import type { ManageServiceAccount } from '../../../src/inventory/Inventory';
import type { Change } from '../marked';
import { type CompareCase, LATER, web } from './CompareCase';

const RULE = 'service-account-management';
const path = 'workloads.web.serviceAccount';
const cluster = 'environments.dev.clusters.main';
/** The cluster of dev without Kubernetes access: service accounts are left to GitOps. */
const withoutContext = ({ append }: Change): Change => ({ ...(append !== undefined && { append }) });
const swapped = ({ replace, append = '' }: Change): Change => ({
  ...(replace && { replace }),
  append: append.replace('name: web', 'name: shop'),
});
const moved = ({ replace, append = '' }: Change): Change => ({
  ...(replace && { replace }),
  append: append.replace('namespace: production', 'namespace: shop'),
});
const DELETES_NOTHING = /^The apply deletes nothing/;
const ADOPT = /^Write serviceAccount: \{ name: web, manage: create, adopt: true \}/;

/** Who creates and who annotates a service account. */
export const ACCOUNT_CASES: readonly CompareCase[] = [
  {
    rule: RULE,
    when: 'podlift no longer creates the account and still annotates it',
    base: web('create', 'stage: dual'),
    head: web('annotate', 'stage: dual'),
    path,
    message: /^service account production\/web on main changes from create to annotate: podlift no longer creates it$/,
    hint: DELETES_NOTHING,
    severity: 'warning',
  },
  {
    rule: RULE,
    when: 'podlift no longer creates nor annotates the account',
    base: web('create', 'stage: dual'),
    head: web('none', 'stage: dual'),
    path,
    message: /changes from create to none: podlift no longer changes its annotation$/,
    hint: DELETES_NOTHING,
    severity: 'warning',
  },
  {
    rule: RULE,
    when: 'podlift no longer annotates the account, at irsa',
    base: web('annotate', LATER),
    head: web('none', LATER),
    path,
    message: /^service account production\/web on main changes from annotate to none: podlift no longer changes/,
    hint: DELETES_NOTHING,
    severity: 'warning',
  },
  {
    rule: RULE,
    when: 'the account that podlift annotated is to be created',
    base: web('annotate', LATER),
    head: web('create', LATER),
    path,
    message:
      /^service account production\/web on main changes from annotate to create: it exists, and the apply would fail$/,
    hint: ADOPT,
  },
  {
    rule: RULE,
    when: 'the account that others created is to be created',
    base: web('none', 'stage: dual'),
    head: web('create', 'stage: dual'),
    path,
    message: /changes from none to create: it exists, and the apply would fail$/,
    hint: ADOPT,
  },
  {
    rule: RULE,
    when: 'a cluster gains Kubernetes access under a workload whose account podlift would create',
    base: withoutContext(web('create', LATER)),
    head: web('create', LATER),
    path: cluster,
    message:
      /^service account production\/web on main changes from none to create: it exists, and the apply would fail$/,
    hint: ADOPT,
    also: ['access-moved'],
  },
  {
    rule: RULE,
    when: 'a cluster loses Kubernetes access under a workload whose account podlift annotated',
    base: web('annotate', LATER),
    head: withoutContext(web('annotate', LATER)),
    path: cluster,
    message:
      /^kubernetes is removed from cluster "main" of dev, but Terraform’s state has the service accounts of "api", "web"$/,
    hint: /^First write manage: none for these workloads and apply: .* After that remove kubernetes\.$/,
    also: ['access-moved'],
  },
  {
    rule: RULE,
    when: 'a cluster loses Kubernetes access in the change that leaves all accounts to others',
    base: apiManaged('none', web('create', 'stage: dual')),
    head: apiManaged('none', withoutContext(web('none', 'stage: dual'))),
    path: cluster,
    message:
      /^kubernetes is removed from cluster "main" of dev, but Terraform’s state has the service accounts of "web"$/,
    also: ['access-moved'],
  },
  {
    rule: 'service-account-swapped',
    when: 'podlift created the account, at irsa',
    base: web('create', LATER),
    head: swapped(web('create', LATER)),
    path,
    message:
      /^workload "web" changes .* production\/web to production\/shop in dev: the next apply would delete the old one$/,
    hint: /then release the first\.$/,
  },
  {
    rule: 'service-account-swapped',
    when: 'podlift created the account, at irsa, and the namespace changes',
    base: web('create', LATER),
    head: moved(web('create', LATER)),
    path: 'workloads.web.namespace',
    message: /production\/web to shop\/web in dev: the next apply would delete the old one$/,
  },
  {
    rule: 'service-account-swapped',
    when: 'podlift annotated the account, at irsa',
    base: web('annotate', LATER),
    head: swapped(web('annotate', LATER)),
    path,
    message: /in dev: the next apply would remove the annotation of the old one$/,
  },
  {
    rule: 'service-account-swapped',
    when: 'the account is left to others, past irsa',
    base: web('none', 'stage: prepared'),
    head: swapped(web('none', 'stage: prepared')),
    path,
    message: /in dev: pods of the old one would be denied$/,
  },
];

/** What may change of a service account. */
export const ACCOUNT_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head'>[] = [
  {
    when: 'an account that podlift annotated is imported',
    base: web('annotate', LATER),
    head: web('create', LATER, true),
  },
  {
    when: 'an account that others created is imported',
    base: web('none', 'stage: dual'),
    head: web('create', 'stage: dual', true),
  },
  {
    when: 'podlift annotates an account that others created',
    base: web('none', 'stage: dual'),
    head: web('annotate', 'stage: dual'),
  },
  {
    when: 'an account was imported, and the entry no longer says so',
    base: web('create', 'stage: dual', true),
    head: web('create', 'stage: dual'),
  },
  {
    when: 'manage changes where there is no Kubernetes access',
    base: withoutContext(web('annotate', LATER)),
    head: withoutContext(web('create', LATER)),
  },
  {
    when: 'the account that podlift leaves to others is another one at irsa',
    base: web('none', LATER),
    head: swapped(web('none', LATER)),
  },
  {
    when: 'the account is another one at irsa, and there is no Kubernetes access',
    base: withoutContext(web('create', LATER)),
    head: swapped(withoutContext(web('create', LATER))),
  },
];

/** A cluster gains Kubernetes access, and every account on it is annotated: it exists. */
export const GAINED_CONTEXT: Required<Pick<CompareCase, 'base' | 'head'>> = {
  base: apiManaged('annotate', withoutContext(web('annotate', LATER))),
  head: apiManaged('annotate', web('annotate', LATER)),
};

/** A cluster loses Kubernetes access, and the accounts of `api` and `web` on it are managed alike. */
export const lostContext = (manage: ManageServiceAccount): Required<Pick<CompareCase, 'base' | 'head'>> => ({
  base: apiManaged(manage, web(manage, LATER)),
  head: apiManaged(manage, withoutContext(web(manage, LATER))),
});

/** The base's own workload creates its account: here the account is managed otherwise. */
function apiManaged(manage: ManageServiceAccount, { replace, append = '' }: Change): Change {
  return {
    replace: { ...replace, 'serviceAccount: api': `serviceAccount: { name: api, manage: ${manage} }` },
    append,
  };
}
