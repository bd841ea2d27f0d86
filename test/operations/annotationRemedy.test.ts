import { compile } from '../../src/blueprint/compile';
import type { Stage } from '../../src/inventory/Inventory';
import { annotationRemedy } from '../../src/operations/annotationRemedy';
import { applyStacks } from '../../src/operations/remedies';
import { remedyText } from '../../src/cli/report';
import type { FieldOwner } from '../../src/estate/kubernetes/KubernetesPort';
import { pilotAt, ROLE } from './agreedWorld';
import { serviceAccountOf } from './facts';

const STACKS = ['prod-identity', 'prod-service-accounts-main'];
const APPLY = remedyText(applyStacks(STACKS));
const KUBECTL = 'kubectl --context prod-main -n production';
const REMOVE = `${KUBECTL} annotate serviceaccount orders-api eks.amazonaws.com/role-arn-`;
const SET = `${KUBECTL} annotate serviceaccount orders-api --overwrite eks.amazonaws.com/role-arn=${ROLE}`;
const CREATE = `${KUBECTL} create serviceaccount orders-api`;

const OWNERS = {
  podlift: { manager: 'podlift', operation: 'Apply' },
  earlier: { manager: 'Terraform', operation: 'Apply' },
  provider: { manager: 'HashiCorp', operation: 'Update' },
  helm: { manager: 'helm', operation: 'Update' },
  argo: { manager: 'argocd-controller', operation: 'Apply' },
  flux: { manager: 'kustomize-controller', operation: 'Apply' },
  kubectl: { manager: 'kubectl-annotate', operation: 'Update' },
  unknown: { manager: 'bootstrap', operation: 'Update' },
} as const satisfies Record<string, FieldOwner>;
type Owner = keyof typeof OWNERS;

interface Case {
  readonly title: string;
  readonly stage: Stage;
  readonly manage: 'create' | 'annotate' | 'none';
  /** The annotation that was found; `missing`: there is no such service account. */
  readonly found?: string;
  readonly owners?: readonly Owner[];
  readonly remedy: string | RegExp;
  readonly apply?: true;
}

const MISSING = 'missing';
const OTHER = `${ROLE}-2`;

const CASES: readonly Case[] = [
  {
    title: 'podlift creates a missing account',
    stage: 'dual',
    manage: 'create',
    found: MISSING,
    remedy: APPLY,
    apply: true,
  },
  {
    title: 'an account that podlift only annotates is created by others first',
    stage: 'dual',
    manage: 'annotate',
    found: MISSING,
    remedy: new RegExp(
      `^podlift does not create the service account production/orders-api\\..*\n${CREATE}\nThen compare with the plan, .*\nnpx`,
    ),
    apply: true,
  },
  {
    title: 'an account that podlift does not manage is created and annotated by hand',
    stage: 'dual',
    manage: 'none',
    found: MISSING,
    remedy: new RegExp(`or run:\n${CREATE}\n${SET}$`),
  },
  { title: 'an apply sets the annotation', stage: 'dual', manage: 'annotate', remedy: APPLY, apply: true },
  {
    title: 'Helm sets another role again',
    stage: 'dual',
    manage: 'annotate',
    found: OTHER,
    owners: ['helm'],
    remedy:
      /npx cdktf apply .*\nThe field manager helm \(Helm\) owns .* again\. Change the annotation in the values or the templates of the chart\.$/,
    apply: true,
  },
  {
    title: 'at cutover an apply empties the value, and a policy may refuse that',
    stage: 'cutover',
    manage: 'annotate',
    found: ROLE,
    owners: ['podlift'],
    remedy: `${APPLY}\nIf an admission policy refuses the empty value that the apply writes, remove the annotation:\n${REMOVE}`,
    apply: true,
  },
  {
    title: 'at cutover Argo CD sets the annotation again',
    stage: 'cutover',
    manage: 'create',
    found: ROLE,
    owners: ['podlift', 'argo'],
    remedy: /argocd-controller \(Argo CD\) .* Remove the annotation in the manifest in git/,
    apply: true,
  },
  {
    title: 'at pod-identity an apply changes nothing where podlift owns nothing',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['kubectl'],
    remedy: `An apply changes nothing at pod-identity: podlift does not own the annotation. Remove the annotation:\n${REMOVE}`,
  },
  {
    title: 'at pod-identity Flux sets the annotation again',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['flux'],
    remedy: new RegExp(
      `^The field manager kustomize-controller \\(Flux\\) .*\nAn apply changes nothing .*\n${REMOVE}$`,
    ),
  },
  {
    title: 'at pod-identity the owners are not known',
    stage: 'pod-identity',
    manage: 'create',
    found: ROLE,
    remedy: new RegExp(`\n${REMOVE}$`),
  },
  {
    title: 'at pod-identity an apply is due',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['podlift'],
    remedy: APPLY,
    apply: true,
  },
  {
    // podlift applies as `podlift`: the share of `Terraform`, its own of earlier or another configuration's, stays.
    title: 'at pod-identity the field manager Terraform owns the annotation',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['earlier'],
    remedy: new RegExp(`An apply changes nothing .*\n${REMOVE}$`),
  },
  {
    title: 'at pod-identity the provider owns the annotation of an account that podlift creates',
    stage: 'pod-identity',
    manage: 'create',
    found: ROLE,
    owners: ['provider'],
    remedy: new RegExp(`An apply changes nothing .*\n${REMOVE}$`),
  },
  {
    title: 'at pod-identity the configuration of another team owns the annotation',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['provider'],
    remedy:
      /^The field manager HashiCorp \(Terraform\) .*configuration that has the service account\.\nAn apply changes nothing/,
  },
  {
    title: 'at pod-identity an apply is due, and others own the annotation too',
    stage: 'pod-identity',
    manage: 'annotate',
    found: ROLE,
    owners: ['podlift', 'unknown'],
    remedy: new RegExp(
      `^${APPLY}\nThe field manager bootstrap owns .* in the source that bootstrap applies\\.\nThe annotation stays .*\n${REMOVE}$`,
    ),
    apply: true,
  },
  {
    title: 'nobody is known to set it again, on an account that podlift does not manage',
    stage: 'cutover',
    manage: 'none',
    found: ROLE,
    owners: ['kubectl'],
    remedy: new RegExp(
      `^podlift does not manage the service account\\. First check that the association exists: .*\\. Remove .*, or run:\n${REMOVE}$`,
    ),
  },
  {
    title: 'Helm sets it again, on an account that podlift does not manage',
    stage: 'irsa',
    manage: 'none',
    found: OTHER,
    owners: ['helm'],
    remedy: new RegExp(`^podlift does not manage .*\nThe field manager helm .* Change .*\nUntil then, set .*\n${SET}$`),
  },
];

describe('what to do about the annotation', () => {
  it.each(CASES)('at $stage, $manage: $title', ({ stage, manage, found, owners = [], remedy, apply }) => {
    const inventory = pilotAt(stage, {
      cluster: { kubernetes: { context: 'prod-main' } },
      workload: { serviceAccount: { name: 'orders-api', manage } },
    });
    const [environment] = inventory.environments;
    const [account] = compile(inventory, 'prod').serviceAccounts;
    const annotations = found === undefined ? {} : { 'eks.amazonaws.com/role-arn': found };
    const facts = serviceAccountOf('production', 'orders-api', annotations, ...owners.map((owner) => OWNERS[owner]));
    const annotated = { environment: 'prod', cluster: environment!.clusters[0]!, account: account!, stage };
    const said = annotationRemedy(annotated, found === MISSING ? undefined : facts);
    const text = remedyText(said.remedy);
    if (typeof remedy === 'string') expect(text).toBe(remedy);
    else expect(text).toMatch(remedy);
    expect(said.apply).toEqual(apply === true ? STACKS : undefined);
  });
});
