import { type AssociationMismatch, compareAssociation, ownerOf } from '../../comparison/association';
import type { Association } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { ask, need } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { Remedy, RemedyStep } from '../../estate/Remedy';
import { aws, say } from '../remedies';
import { applyStage, neverApplied, removeImport } from './applying';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';

/**
 * The association is the one of the stage: this role, target role, session tags and owner; or there is none where the stage has none. EKS accepts
 * one association for a service account.
 */
export const association: CheckFunction = (subject) => {
  const { environment, workload, cluster, parts } = subject;
  const { namespace, serviceAccount } = workload;
  const wanted = parts.associations.find((one) => one.cluster === cluster.key);
  return [
    ask([{ ask: 'role', account: environment.account.id, name: parts.role.name }], (role) =>
      need([{ ask: 'association', cluster: cluster.arn, namespace, serviceAccount: serviceAccount.name }], (found) => {
        const mismatches = compareAssociation(wanted, found);
        const [first] = mismatches;
        if (first === undefined) return [agreed(subject, wanted, found)];
        if (first.what === 'unwanted' && found !== undefined) return [unwanted(subject, found)];
        if (wanted === undefined) return [];
        if (found !== undefined) return [differing(subject, wanted, found, mismatches)];
        return [
          fail(
            'problem',
            `there is no association for ${namespace}/${serviceAccount.name}: new pods receive no credentials of Pod Identity, and running pods lose theirs at the next refresh`,
            wanted.importId !== undefined && neverApplied(role)
              ? removeImport(
                  subject,
                  `${wanted.importId} of ${cluster.key}`,
                  `role.imports.associations.${cluster.key}`,
                )
              : applyStage(subject),
          ),
        ];
      }),
    ),
  ];
};

function agreed(
  { workload, cluster, next }: WorkloadOnCluster,
  wanted: Association | undefined,
  found: AssociationFacts | undefined,
): CheckResult {
  if (wanted !== undefined && found !== undefined) return pass(`${found.id} names ${wanted.roleArn}`);
  // An id that is still to be imported, of an association that is gone: at the next stage it would stop the plan.
  const id = workload.role.imports.associations[cluster.key];
  if (id === undefined || next === undefined || !STAGE_TABLE[next].association)
    return pass(`no association, as at ${workload.stage}`);
  return fail('problem', `there is no association, and the inventory still imports ${id}`, [
    say(
      `Delete workloads.${workload.key}.role.imports.associations.${cluster.key}. podlift then creates a new association. The plan fails while the inventory imports one that is gone.`,
    ),
  ]);
}

const PROPERTY: Readonly<Record<Exclude<AssociationMismatch['what'], 'missing' | 'unwanted'>, string>> = {
  role: 'its role is',
  'target-role': 'its target role is',
  'session-tags': 'its session tags are',
  owner: 'its owner is',
};

/** The properties of an association that differ, as a list: `its role is …, should be …`. */
export function associationText(mismatches: readonly AssociationMismatch[]): string {
  return mismatches
    .map(({ what, wanted = 'none', found = 'none' }) =>
      what === 'missing' || what === 'unwanted' ? what : `${PROPERTY[what]} ${found}, should be ${wanted}`,
    )
    .join('; ');
}

function differing(
  subject: WorkloadOnCluster,
  wanted: Association,
  found: AssociationFacts,
  mismatches: readonly AssociationMismatch[],
): CheckResult {
  const { environment, cluster } = subject;
  const owner = ownerOf(found, cluster.name);
  const remedy: Remedy =
    owner === undefined || isForeign(owner) || wanted.addon !== undefined
      ? [
          say('If another team or tool created the association, first agree who owns the service account. Otherwise:'),
          ...applyStage(subject),
          say('EKS uses the new role at once, but the agent caches credentials: restart the pods after the apply.'),
        ]
      : [
          say(
            `The association belongs to ${owner}, which sets it again. Write the add-on into clusters.${cluster.key}.addons, or change the association there:`,
          ),
          updateAddon(subject, owner, `serviceAccount=${found.serviceAccount},roleArn=${wanted.roleArn}`),
        ];
  return fail('problem', `${found.id}: ${associationText(mismatches)}`, remedy, {
    inspect: aws(
      environment.account,
      ...['eks', 'describe-pod-identity-association', '--cluster-name', cluster.name],
      ...['--association-id', found.id, '--region', cluster.region],
    ),
  });
}

/** An association that exists before `dual` gives new pods Pod Identity, whatever the annotation says. */
function unwanted(subject: WorkloadOnCluster, found: AssociationFacts): CheckResult {
  const { environment, cluster, workload, parts } = subject;
  const owner = ownerOf(found, cluster.name);
  const own = found.roleArn === parts.role.arn;
  const remove = aws(
    environment.account,
    ...['eks', 'delete-pod-identity-association', '--cluster-name', cluster.name],
    ...['--association-id', found.id, '--region', cluster.region],
  );
  const keep = `or keep the workload where it is: in workloads.${workload.key}, replace wave by stage with because`;
  const remedy: Remedy =
    owner !== undefined && isForeign(owner)
      ? [say(`The association belongs to ${owner}, which sets it again. Agree with its owner to remove it, ${keep}.`)]
      : owner !== undefined
        ? [
            say(
              `The association belongs to ${owner}. Write the add-on into clusters.${cluster.key}.addons, or remove its association:`,
            ),
            updateAddon(subject, owner, '[]'),
          ]
        : [
            ...(own ? [say('If an apply after a rollback is due, apply:'), ...applyStage(subject).slice(1)] : []),
            say(
              `If another team or tool created the association, first agree who owns the service account. Then delete the association and restart the pods that started since, ${keep}.`,
            ),
            remove,
          ];
  return fail(
    'problem',
    `${found.id} names ${found.roleArn}${owner === undefined ? '' : ` (owned by ${owner})`}, and at ${workload.stage} there must be no association: new pods leave IRSA`,
    remedy,
  );
}

/** The owner is no add-on of the cluster: only its ARN is known. */
function isForeign(owner: string): boolean {
  return owner.startsWith('arn:');
}

function updateAddon({ environment, cluster }: WorkloadOnCluster, addon: string, associations: string): RemedyStep {
  return aws(
    environment.account,
    ...['eks', 'update-addon', '--cluster-name', cluster.name, '--addon-name', addon, '--region', cluster.region],
    ...['--pod-identity-associations', associations],
  );
}
