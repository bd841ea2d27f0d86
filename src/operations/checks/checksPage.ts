import type { Question } from '../../estate/questions';
import { markdownTable } from '../../inventory/schema/markdownTable';
import { ALWAYS, BACK, checksOfDoctor, type Condition, FORWARD } from '../gate/gateTable';
import { CHECK_NAMES, CHECK_TABLE, type CheckName } from './checkTable';

/** What a question reads, for people. */
const READS: Readonly<Record<Question['ask'], string>> = {
  role: 'role',
  roles: 'all roles of the account',
  rolePolicies: 'policies of the role',
  managedPolicy: 'documents of managed policies',
  oidcProvider: 'OIDC provider',
  lastAccessed: 'use of the permissions',
  analyzers: 'analyzers of unused access',
  unusedFindings: 'findings of unused access',
  events: 'CloudTrail',
  roleEvents: 'CloudTrail by role',
  cluster: 'cluster in EKS',
  addon: 'add-on',
  addons: 'all add-ons',
  nodeGroups: 'node groups',
  association: 'association',
  associations: 'all associations',
  issuer: 'token issuer of the context',
  serviceAccount: 'service account',
  serviceAccounts: 'all service accounts',
  pods: 'pods of the namespace',
  allPods: 'all pods',
  templates: 'pod templates of the namespace',
  allTemplates: 'all pod templates',
  admission: 'a dry run of a pod',
  configMap: 'keys of ConfigMaps',
  secret: 'keys of Secrets',
  nodes: 'nodes',
  apiGroups: 'API groups',
  customObjects: 'objects of the controllers that podlift knows',
  networkPolicies: 'NetworkPolicies of the namespace',
  enginePolicies: 'policies of Cilium, Calico and others',
};

/** The text of `docs/checks.md`. */
export function checksPage(): string {
  const rows = CHECK_NAMES.map((check) => ({ check, ...CHECK_TABLE[check] }));
  const meaning = rows.map(({ check, asks, explains }) => [`\`${check}\``, asks, explains]);
  const use = rows.map(({ check, after, reads, doctor }) => [
    `\`${check}\``,
    doctor !== undefined || check === 'access' ? 'yes' : '-',
    stepsOf(check).join(', ') || '-',
    reads.map((read) => READS[read]).join(', ') || 'inventory',
    after.map((one) => `\`${one}\``).join(', ') || '-',
  ]);
  return `# Checks

This page is a reference: it has every check of \`podlift doctor\` and of \`podlift gate\`. The names are public:
\`--format json\` has them in the field \`check\`. \`npm run schema\` generates this page from
\`src/operations/checks/checkTable.ts\`.

"Evaluated" means that podlift evaluates the policies as they are in AWS, for a request of the workload's pods. A trust
policy with the same effect in other words passes. If a policy denies, the result names the condition that fails, the
value that the condition requires, and the value in the request.

## What each check verifies

${markdownTable(['check', 'verifies that', 'reason'], meaning)}

## Commands that use a check, and what it reads

The column "gate" names the steps of a wave. If a check in the last column fails too, it explains the result of the row:
fix that check first.

${markdownTable(['check', 'doctor', 'gate', 'reads', 'explained by'], use)}
`;
}

/** The steps of a wave before which the gate uses a check. */
function stepsOf(check: CheckName): readonly string[] {
  const { onlyWith } = CHECK_TABLE[check];
  if (onlyWith !== undefined) return [`with \`${onlyWith}\``];
  const has = (conditions: readonly Condition[]) => conditions.some((one) => one.check === check);
  if (has(ALWAYS)) return ['every step'];
  const doctors = (direction: 'forward' | 'back') => checksOfDoctor(direction).some((one) => one === check);
  if (doctors('forward')) return [doctors('back') ? 'every step' : 'every step forward'];
  const forward = Object.entries(FORWARD).flatMap(([stage, conditions]) =>
    has(conditions) ? [`from \`${stage}\``] : [],
  );
  return [...forward, ...(has(BACK) ? ['every step back'] : [])];
}
