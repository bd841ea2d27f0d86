import { AGENT_ADDON } from '../../blueprint/agents';
import type { Blueprint, Role } from '../../blueprint/Blueprint';
import { compareContext } from '../../comparison/cluster';
import { isWritten, roleAnnotation } from '../../comparison/annotation';
import { inlinePolicies } from '../../comparison/role';
import { type Ask, need, type NoAnswer } from '../../estate/ask';
import type { Account, Cluster, Environment, Inventory } from '../../inventory/Inventory';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../inventory/stackNames';
import { policiesQuestion, roleQuestion } from '../checks/rolePermissions';
import { contextText } from '../contextText';
import { importPaths } from './importPaths';
import type { FoundResource, RecoveredKind } from './Recovery';
import { KEYS } from './stateKeys';

/** One resource that the inventory wants, as it stands: its names, and whether podlift made it. */
export interface Standing {
  readonly kind: RecoveredKind;
  readonly stack: string;
  readonly workload?: string;
  readonly cluster?: string;
  readonly where: string;
  readonly id: string;
  /** Its name in a state (see `KEYS`). */
  readonly key: string;
  /** What the state has where it knows an earlier object in the same place. */
  readonly placeKey?: string;
  /** The inventory imports it already. */
  readonly imported: boolean;
  /** It carries podlift's tag of this environment. */
  readonly isOwn: boolean;
  /** The environment of podlift's tag, where that is another one. */
  readonly taggedFor?: string;
  /** A role of this name, with another path than the inventory's. */
  readonly otherPath?: string;
  /** What is there: `a-1`, a role's ARN. */
  readonly found: string;
  readonly entry: NonNullable<FoundResource['entry']>;
  /** How the inventory takes the resource of another owner. */
  readonly adopt?: string;
}

/** What a question about the resources of a stack gives. */
export type StandingAsk = Ask<readonly Standing[] | NoAnswer | Problem>;

/** The question cannot be answered for a reason that is not the answer of AWS or of a cluster. */
export interface Problem {
  readonly problem: Pick<FoundResource, 'found' | 'remedy'>;
}

/** What is asked for, and what the report calls it where there is no answer. */
export interface Asked extends Pick<FoundResource, 'kind' | 'stack' | 'workload' | 'cluster' | 'where'> {
  readonly standing: StandingAsk;
}

/** The tag by which podlift's resources are found. */
export function isOwn(tags: Readonly<Record<string, string>> | undefined, { key }: Pick<Environment, 'key'>): boolean {
  return tags?.['podlift:environment'] === key;
}

/** Whose a resource is by its tags. */
function ownerByTag(tags: Readonly<Record<string, string>> | undefined, environment: Environment) {
  const other = tags?.['podlift:environment'];
  const isOther = other !== undefined && other !== environment.key;
  return { isOwn: isOwn(tags, environment), ...(isOther && { taggedFor: other }) };
}

/** The questions about everything that the stacks of an environment create. */
export function stackResources(inventory: Inventory, environment: Environment, blueprint: Blueprint): readonly Asked[] {
  const paths = importPaths(inventory, environment.key);
  const { account } = environment;
  return [
    // An external role is its owner's.
    ...blueprint.roles
      .filter(({ manage }) => manage === undefined)
      .flatMap((role) => roleAsked(environment, paths, role, account, role.adopt)),
    ...blueprint.targetRoles
      .filter(({ manage }) => manage === undefined)
      .flatMap((role) =>
        roleAsked(
          environment,
          paths,
          role,
          role.account,
          role.adopt === true,
          role.target,
          targetsStackName(environment.key, role.account.key),
        ),
      ),
    ...environment.clusters.flatMap((cluster) => clusterAsked(environment, blueprint, paths, cluster)),
  ];
}

type Paths = ReturnType<typeof importPaths>;

function roleAsked(
  environment: Environment,
  paths: Paths,
  role: Role,
  account: Account,
  adopt: boolean,
  target?: string,
  stack = identityStackName(environment.key),
): readonly Asked[] {
  const { workload, name, arn, imports } = role;
  const common = { stack, workload };
  const subject = { kind: target === undefined ? 'role' : 'target-role', ...common, where: arn } as const;
  const standing: StandingAsk = need(
    [roleQuestion(account, name), policiesQuestion(account, name)],
    (facts, policies) => {
      if (facts === undefined) return [];
      const parts = { ...common, ...ownerByTag(facts.tags, environment) };
      // The name of a role is unique in its account, whatever its path.
      // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (RoleName)
      const otherPath = facts.arn === arn ? undefined : facts.arn.replace(/^.*:role(.*\/)[^/]+$/, '$1');
      const ours = otherPath === undefined ? policies : undefined;
      const inline = [...inlinePolicies(role).keys()].filter((one) => ours?.inline[one] !== undefined);
      const attached = role.managedPolicies.filter((one) => ours?.attached.includes(one));
      return [
        {
          ...parts,
          kind: subject.kind,
          where: arn,
          id: name,
          key: KEYS.role(name),
          imported: otherPath === undefined && (adopt || imports?.role === true),
          found: facts.arn,
          ...(otherPath !== undefined && { otherPath, isOwn: false }),
          entry: paths.role(workload, target),
          ...(target === undefined && {
            adopt: `workloads.${workload}.role.adopt: true, as \`podlift discover\` proposes it`,
          }),
        },
        ...inline.map((one): Standing => ({
          ...parts,
          kind: 'inline-policy',
          where: `${one} of ${arn}`,
          id: `${name}:${one}`,
          key: KEYS.inlinePolicy(name, one),
          imported: imports?.inlinePolicies.includes(one) === true,
          found: one,
          entry: paths.inlinePolicy(workload, target, one),
        })),
        ...attached.map((one): Standing => ({
          ...parts,
          kind: 'managed-policy',
          where: `${one} on ${arn}`,
          id: `${name}/${one}`,
          key: KEYS.managedPolicy(name, one),
          imported: imports?.managedPolicies.includes(one) === true,
          found: one,
          entry: paths.managedPolicy(workload, target, one),
        })),
      ];
    },
  );
  return [{ ...subject, standing }];
}

function clusterAsked(
  environment: Environment,
  blueprint: Blueprint,
  paths: Paths,
  cluster: Cluster,
): readonly Asked[] {
  const stack = identityStackName(environment.key);
  const common = { stack, cluster: cluster.key };
  const here = <T extends { readonly cluster: string }>(all: readonly T[]) =>
    all.filter((one) => one.cluster === cluster.key);
  const addons = [
    ...here(blueprint.agents).map((one) => ({ ...one, kind: 'agent' as const, name: AGENT_ADDON })),
    ...here(blueprint.addons).map((one) => ({ ...one, kind: 'addon' as const })),
  ].map(({ kind, name, adopt, imports = false }): Asked => {
    const where = kind === 'agent' ? cluster.name : `${name} on ${cluster.name}`;
    const field = kind === 'agent' ? 'agent' : `addons.${name}`;
    const standing = need([{ ask: 'addon', cluster: cluster.arn, name }], (facts): readonly Standing[] =>
      facts === undefined
        ? []
        : [
            {
              ...common,
              kind,
              where,
              id: `${cluster.name}:${name}`,
              key: KEYS.addon(cluster.name, name),
              imported: adopt || imports,
              ...ownerByTag(facts.tags, environment),
              found: `${name} ${facts.version}`,
              entry: kind === 'agent' ? paths.agent(cluster.key) : paths.addon(cluster.key, name),
              adopt: `environments.${environment.key}.clusters.${cluster.key}.${field}.adopt: true`,
            },
          ],
    );
    return { ...common, kind, where, standing };
  });
  const providers = here(blueprint.oidcProviders).map(({ arn, adopt, imports = false }): Asked => {
    const question = { ask: 'oidcProvider', account: environment.account.id, arn } as const;
    const standing = need([question], (facts): readonly Standing[] =>
      facts === undefined
        ? []
        : [
            {
              ...common,
              kind: 'oidc-provider',
              where: arn,
              id: arn,
              key: KEYS.oidcProvider(arn),
              imported: adopt || imports,
              ...ownerByTag(facts.tags, environment),
              found: arn,
              entry: paths.oidcProvider(cluster.key),
              adopt: `environments.${environment.key}.clusters.${cluster.key}.oidc.adopt: true`,
            },
          ],
    );
    return { ...common, kind: 'oidc-provider', where: arn, standing };
  });
  return [
    ...addons,
    ...providers,
    ...associationsAsked(environment, here(blueprint.associations), paths, cluster),
    ...accountsAsked(environment, here(blueprint.serviceAccounts), paths, cluster),
  ];
}

/** The associations that podlift's stack creates: not those of add-ons and of other tools. */
function associationsAsked(
  environment: Environment,
  wanted: Blueprint['associations'],
  paths: Paths,
  cluster: Cluster,
): readonly Asked[] {
  return wanted
    .filter(({ addon, owner }) => addon === undefined && owner === undefined)
    .map(({ workload, namespace, serviceAccount, importId }): Asked => {
      const subject = {
        stack: identityStackName(environment.key),
        workload,
        cluster: cluster.key,
        kind: 'association',
        where: `${namespace}/${serviceAccount} on ${cluster.name}`,
      } as const;
      const question = { ask: 'association', cluster: cluster.arn, namespace, serviceAccount } as const;
      const standing = need([question], (facts): readonly Standing[] =>
        facts === undefined
          ? []
          : [
              {
                ...subject,
                id: facts.id,
                key: KEYS.association(facts.id),
                placeKey: KEYS.associationOf(cluster.name, namespace, serviceAccount),
                imported: importId === facts.id,
                ...ownerByTag(facts.tags, environment),
                found: `${facts.id}: role ${facts.roleArn}`,
                entry: paths.association(
                  workload,
                  cluster.key,
                  facts.id,
                  sharesRole(environment, workload) ? `${namespace}/${serviceAccount}` : undefined,
                ),
              },
            ],
      );
      return { ...subject, standing };
    });
}

/**
 * The service accounts that podlift's stack creates. They have no tag: an account is podlift's where its annotation names the workload's role, and only
 * Terraform's provider (HashiCorp) and podlift's own field manager wrote the annotation.
 */
function accountsAsked(
  environment: Environment,
  accounts: Blueprint['serviceAccounts'],
  paths: Paths,
  cluster: Cluster,
): readonly Asked[] {
  return accounts
    .filter((one) => isWritten(one) && one.manage === 'create')
    .map(({ workload, namespace, name, adopt, imports = false }): Asked => {
      const subject = {
        stack: serviceAccountsStackName(environment.key, cluster.key),
        workload,
        cluster: cluster.key,
        kind: 'service-account',
        where: `${namespace}/${name} on ${cluster.name}`,
      } as const;
      const roles = environment.workloads.filter(({ key }) => key === workload).map(({ role }) => role.name);
      const context = [
        { ask: 'issuer', cluster: cluster.arn },
        { ask: 'cluster', cluster: cluster.arn },
      ] as const;
      const standing: StandingAsk = need(context, (issuer, facts): StandingAsk | Problem => {
        const [mismatch] = compareContext(cluster, issuer, facts);
        if (mismatch !== undefined) return { problem: contextText(environment.account, cluster, mismatch) };
        return need([{ ask: 'serviceAccount', cluster: cluster.arn, namespace, name }], (account) => {
          if (account === undefined) return [];
          const arn = roleAnnotation(account);
          const isOurs =
            arn !== undefined &&
            roles.includes(arn.slice(arn.lastIndexOf('/') + 1)) &&
            account.roleOwners.every(({ manager }) => OWN_MANAGERS.has(manager));
          return [
            {
              ...subject,
              id: `${namespace}/${name}`,
              key: KEYS.serviceAccount(namespace, name),
              imported: adopt || imports,
              isOwn: isOurs,
              found: `${namespace}/${name}`,
              entry: paths.serviceAccount(workload, cluster.key, subjectOf(environment, workload, namespace, name)),
              adopt: `workloads.${workload}.serviceAccount: { name: ${name}, manage: create, adopt: true }`,
            },
          ];
        });
      });
      return { ...subject, standing };
    });
}

/** Whether several service accounts have the role of a workload, or can: an id alone never belongs to one of `expanded`. */
function sharesRole({ workloads }: Environment, workload: string): boolean {
  return workloads.some(
    ({ key, subjects, patterns }) => key === workload && (subjects.length > 1 || patterns !== undefined),
  );
}

function subjectOf({ workloads }: Environment, workload: string, namespace: string, name: string) {
  const { subjects = [] } = workloads.find(({ key }) => key === workload) ?? {};
  return subjects.find((one) => one.namespace === namespace && one.name === name) ?? {};
}

/** The field managers of podlift's stack: Terraform's Kubernetes provider names its client HashiCorp. */
const OWN_MANAGERS = new Set(['HashiCorp', 'podlift']);
