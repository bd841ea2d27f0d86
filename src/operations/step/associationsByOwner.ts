import type { Association, Blueprint } from '../../blueprint/Blueprint';
import { type Ask, ask } from '../../estate/ask';
import type { Remedy } from '../../estate/Remedy';
import type { AssociationOwner, Environment } from '../../inventory/Inventory';
import { letOwnerRemove, letOwnerWrite, OWNER_NAME, printObject } from '../ownedAssociation/ownerRemedy';
import { remedyOf } from '../remedies';

/** An association that the step makes or removes, and that another tool owns. */
export interface OwnerAssociation {
  readonly workload: string;
  readonly cluster: string;
  /** `shop/api`. */
  readonly serviceAccount: string;
  readonly owner: AssociationOwner;
  /** What changes, as a sentence. */
  readonly change: string;
  /** What the owner does, without the restart of pods. */
  readonly steps: Remedy;
}

/** The associations of other tools that a step makes or removes. What stands decides whether there is one to remove. */
export function associationsByOwner(
  before: Blueprint,
  after: Blueprint,
  environment: Environment,
): Ask<readonly OwnerAssociation[]> {
  const [old, next] = [before, after].map(({ associations }) =>
    associations.filter(({ owner }) => owner !== undefined),
  );
  const missingIn = (others: readonly Association[] = [], all: readonly Association[] = []) =>
    all.filter((one) => !others.some((other) => idOf(other) === idOf(one)));
  const changed = [
    ...missingIn(old, next).map((association) => ({ association, isMade: true })),
    ...missingIn(next, old).map((association) => ({ association, isMade: false })),
  ].flatMap((one) => {
    const cluster = environment.clusters.find(({ key }) => key === one.association.cluster);
    return cluster === undefined ? [] : [{ ...one, cluster }];
  });
  return ask(
    changed.map(({ cluster, association: { namespace, serviceAccount } }) => {
      return { ask: 'association', cluster: cluster.arn, namespace, serviceAccount } as const;
    }),
    (...answers) =>
      changed.flatMap(({ association, isMade, cluster }, index): OwnerAssociation[] => {
        const { workload, namespace, serviceAccount, owner } = association;
        if (owner === undefined) return [];
        const answer = answers[index];
        const place = { environment, workload: { key: workload }, owner, cluster };
        const subject = environment.workloads
          .find(({ key }) => key === workload)
          ?.subjects.find((one) => one.namespace === namespace && one.name === serviceAccount);
        const account = `${namespace}/${serviceAccount}`;
        const name = OWNER_NAME[owner];
        const found = answer?.ok === true ? answer.value : undefined;
        // Nothing stands, so there is nothing to remove.
        if (!isMade && answer?.ok === true && found === undefined) return [];
        const steps = isMade
          ? letOwnerWrite(place)
          : found === undefined || subject === undefined
            ? remedyOf(
                `podlift could not read the association (${answer?.ok === false ? answer.message : ''}). This command reads it, and prints how ${name} removes it:`,
                printObject(place),
              )
            : letOwnerRemove(place, found.id, subject);
        return [
          {
            ...{ workload, cluster: cluster.key, serviceAccount: account, owner },
            change: `association of ${account} on cluster ${cluster.key}: ${name} ${isMade ? 'makes' : 'removes'} it`,
            steps,
          },
        ];
      }),
  );
}

function idOf({ workload, cluster, namespace, serviceAccount }: Association): string {
  return [workload, cluster, namespace, serviceAccount].join(' ');
}
