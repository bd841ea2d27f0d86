import { identityStackName, serviceAccountsStackName } from '../../inventory/stackNames';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import { applyCommands } from './applyCommands';
import { kubectlPlace } from './places';
import { shellWord } from './shellWord';

/** Source: aws/amazon-eks-pod-identity-webhook, README. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** Whether an apply sees to a service account: Terraform's or an add-on's does. */
export function isManaged({ context, manage, addon }: ServiceAccount): boolean {
  return addon !== undefined || (context !== undefined && manage !== 'none');
}

/** How a service account gets the annotation that it should have: by an apply where podlift manages it, else where its manifests are kept. */
export function annotationRemedy(environment: string, cluster: Cluster, account: ServiceAccount): string {
  const { addon } = account;
  const stacks = [
    identityStackName(environment),
    ...(addon === undefined ? [serviceAccountsStackName(environment, cluster.key)] : []),
  ];
  if (isManaged(account)) return ['Apply the stage that the inventory has:', ...applyCommands(stacks)].join('\n');
  return `Its manifests are not podlift’s: change them where they are kept (GitOps), or by hand:\n${annotateCommand(cluster, account)}`;
}

/** The command that gives a service account the annotation that it should have, or takes it away. */
export function annotateCommand(cluster: Cluster, { namespace, name, annotations }: ServiceAccount): string {
  const wanted = annotations[ROLE_ANNOTATION];
  const change =
    wanted === undefined ? `${ROLE_ANNOTATION}-` : `--overwrite ${shellWord(`${ROLE_ANNOTATION}=${wanted}`)}`;
  return `${kubectlPlace(cluster)} -n ${shellWord(namespace)} annotate serviceaccount ${shellWord(name)} ${change}`;
}
