import { AGENT_ADDON } from '../../blueprint/agents';
import type { Addon } from '../../blueprint/Blueprint';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import { environmentTags } from '../../blueprint/environmentTags';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import {
  type AddonMismatch,
  compareAddon,
  isUnderWay,
  makerOf,
  ownsNoOther,
  unnamedAssociations,
  type WantedAddon,
} from '../../comparison/addon';
import { compareCluster, compareOidcProvider } from '../../comparison/cluster';
import { isApplied } from '../../comparison/role';
import { type Ask, ask, need } from '../../estate/ask';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import type { Question } from '../../estate/questions';
import { type Cluster, subjectsOn } from '../../inventory/Inventory';
import { adoptAgent } from '../checks/agent';
import { roleQuestion } from '../checks/rolePermissions';
import { aws, run, say, stacks } from '../remedies';
import { associationOf, beforeImport, byApply, type Comparison, type Found, type Scope } from './Difference';

/** The agent of a cluster, those of its EKS add-ons whose service accounts have roles of the workloads, and its OIDC provider. */
export function addonComparisons(scope: Scope, cluster: Cluster): readonly Comparison[] {
  const { environment, blueprint, workloads } = scope;
  const ofCluster = <T extends { readonly cluster: string }>(all: readonly T[]) =>
    all.filter((one) => one.cluster === cluster.key);
  const addons = ofCluster(blueprint.addons).filter((addon) =>
    workloads.some(({ key }) => addon.workloads.includes(key)),
  );
  const needsAgent = environment.workloads.some(
    ({ stage, clusters }) => STAGE_TABLE[stage].trustsPodIdentity && clusters.includes(cluster.key),
  );
  return [
    ...ofCluster(blueprint.agents).map((agent) => addonComparison(scope, cluster, { ...agent, name: AGENT_ADDON })),
    ...(ofCluster(blueprint.agents).length === 0 && cluster.agent !== undefined
      ? [awaitedAgentComparison(scope, cluster)]
      : []),
    ...(cluster.autoMode && needsAgent ? [builtInComparison(cluster)] : []),
    ...addons.flatMap((addon) => [
      addonComparison(scope, cluster, addon),
      associationsComparison(scope, cluster, addon),
    ]),
    ...ofCluster(blueprint.oidcProviders).map(({ arn, adopt }) => providerComparison(scope, cluster, arn, adopt)),
  ];
}

type NamedAddon = WantedAddon & Pick<Addon, 'name'>;

/** An add-on (the agent is one). */
function addonComparison(scope: Scope, cluster: Cluster, addon: NamedAddon): Comparison {
  const { name, version, adopt } = addon;
  const isAgent = name === AGENT_ADDON;
  const question = { ask: 'addon', cluster: cluster.arn, name } as const;
  return {
    kind: isAgent ? 'agent' : 'addon',
    cluster: cluster.key,
    where: isAgent ? cluster.name : `${name} on ${cluster.name}`,
    expected: `${name} ${version}`,
    differences: need([question], (found) =>
      ifNeverApplied(scope, question, adopt && found === undefined, (neverApplied) => [
        ...compareAddon(addon, found).map((one) => addonDifference(scope, cluster, addon, one, neverApplied, found)),
        ...(found === undefined || adopt || addon.imports === true
          ? []
          : makerDifferences(scope, cluster, addon, found)),
      ]),
    ),
  };
}

/** EKS takes no second add-on of a name: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (Errors) */
const CONFLICT = 'fails with ResourceInUseException (409)';

/** An add-on that podlift is to create or created, and that has no tag of this environment. */
function makerDifferences(
  { environment }: Scope,
  cluster: Cluster,
  { name, version }: NamedAddon,
  found: AddonFacts,
): readonly Found[] {
  const maker = makerOf(found, environment);
  if (maker === 'this environment') return [];
  const tags = Object.entries(environmentTags(environment)).map(([key, value]) => `${key}: ${value}`);
  const isAgent = name === AGENT_ADDON;
  const adopt = isAgent
    ? adoptAgent(environment, cluster, found)
    : `To adopt it, write adopt: true into clusters.${cluster.key}.addons.${name}, with version: ${found.version}. podlift then imports the add-on, and never removes it.`;
  const others =
    maker === 'unmarked'
      ? 'If others made the add-on, an apply'
      : 'Another environment of podlift made the add-on: an apply';
  return [
    {
      expected: `${name} ${version} with the tag ${tags.join()}`,
      found: maker === 'unmarked' ? 'no such tag' : 'the tag of another environment',
      effect: `${others} ${CONFLICT}`,
      ...byApply(stacks.identity(environment), [say(adopt)], 'If podlift made it, compare with the plan, then apply:'),
    },
  ];
}

/** An agent that podlift creates with the first workload past `irsa`: nobody else made one before. */
function awaitedAgentComparison({ environment }: Scope, cluster: Cluster): Comparison {
  return {
    kind: 'agent',
    cluster: cluster.key,
    where: cluster.name,
    expected: `no ${AGENT_ADDON} yet: the apply of the step to prepared creates the add-on`,
    differences: need([{ ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON }], (found) =>
      found === undefined || makerOf(found, environment) === 'this environment'
        ? []
        : [
            {
              found: `${AGENT_ADDON} ${found.version}, made by others`,
              effect: `the apply of the step to prepared ${CONFLICT}`,
              remedy: [say(adoptAgent(environment, cluster, found))],
            },
          ],
    ),
  };
}

function addonDifference(
  { environment }: Scope,
  { key, name: clusterName, region }: Cluster,
  { name, version }: NamedAddon,
  { what, wanted = '', found = 'none' }: AddonMismatch,
  neverApplied: boolean,
  facts: AddonFacts | undefined,
): Found {
  const isAgent = name === AGENT_ADDON;
  const entry = isAgent ? `clusters.${key}.agent` : `clusters.${key}.addons.${name}`;
  const apply = stacks.identity(environment);
  const at = ['--cluster-name', clusterName, '--addon-name', name, '--region', region];
  const eks = (argv: readonly string[]) => aws(environment.account)`eks ${argv}`;
  if (what === 'missing' || what === 'unwanted') {
    const effect = isAgent ? 'pods get no credentials through Pod Identity' : 'the pods of the add-on do not run';
    const install = say(`Remove ${entry}.adopt: the apply then installs the add-on. Or install the add-on again:`);
    const first = [install, eks(['create-addon', ...at, '--addon-version', version])];
    return { found: 'no such add-on', effect, ...(neverApplied ? beforeImport(apply, first) : byApply(apply)) };
  }
  if (what === 'status') {
    const isWaiting = facts !== undefined && isUnderWay(facts);
    const remedy = isWaiting
      ? [say('Wait until EKS has finished:'), eks(['wait', 'addon-active', ...at])]
      : [say('Inspect the add-on, and fix it:'), eks(['describe-addon', ...at])];
    return { expected: wanted, found, remedy };
  }
  if (what === 'version') {
    const keep = say(`To keep ${found}, write version: ${found} into ${entry}.`);
    const change = `To change the add-on to ${wanted}, compare with the plan, then apply:`;
    return { expected: wanted, found, ...byApply(apply, [keep], change) };
  }
  const label = what.replaceAll('-', ' ');
  return { expected: `${label} ${wanted}`, found: `${label} ${found}`, ...byApply(apply) };
}

/** The associations that an add-on owns and whose service accounts its entry does not name. They are listed where it owns others than those of its entry. */
function associationsComparison({ environment, workloads }: Scope, cluster: Cluster, { name }: Addon): Comparison {
  const named = cluster.addons.find((one) => one.name === name)?.serviceAccounts ?? {};
  const own = workloads.filter(({ key }) => Object.values(named).includes(key));
  const accounts = Object.keys(named);
  const question = { ask: 'associations', cluster: cluster.arn } as const;
  const asked = [
    { ask: 'addon', cluster: cluster.arn, name },
    ...own.flatMap((one) => subjectsOn(one, cluster).map((subject) => associationOf(subject, cluster))),
  ] as const;
  return {
    kind: 'addon',
    cluster: cluster.key,
    where: `${name} on ${cluster.name}`,
    expected: `associations of ${accounts.join(', ')} alone`,
    differences: ask(asked, (addon, ...associations) => {
      const known = associations.flatMap((one) => (one.ok && one.value !== undefined ? [one.value] : []));
      const facts = addon.ok ? addon.value : undefined;
      if (facts === undefined || ownsNoOther(facts, known)) return [];
      return need([question], (all) => {
        const others = unnamedAssociations(facts, accounts, all);
        if (others.length === 0) return [];
        const texts = others.map((one) => `${one.namespace}/${one.serviceAccount} (${one.roleArn})`);
        const field = `clusters.${cluster.key}.addons.${name}.serviceAccounts`;
        const remedy = [
          say(`Before you apply, name their service accounts in ${field}, each with a workload.`),
          say('While the inventory does not have the add-on, this command prints all the lines:'),
          run`npx podlift discover --environment ${environment.key} --cluster ${cluster.key}`,
        ];
        const effect = 'an apply removes these associations, and their pods lose their credentials';
        return [{ found: `also ${texts.join(', ')}`, effect, remedy, beforeApply: true }];
      });
    }),
  };
}

/** The agent that Auto Mode has built in. */
function builtInComparison(cluster: Cluster): Comparison {
  const { key, name, arn } = cluster;
  const effect = 'pods get no credentials through Pod Identity';
  const remedy = [say(`In clusters.${key}, remove autoMode and add agent: { version: … }.`)];
  return {
    kind: 'agent',
    cluster: key,
    where: name,
    expected: 'built in (Auto Mode)',
    differences: need([{ ask: 'cluster', cluster: arn }], (facts) =>
      compareCluster(cluster, facts)
        .filter(({ what }) => what !== 'version')
        .map(({ what }) => ({
          found: what === 'missing' ? `there is no cluster ${name}` : 'the cluster is not in Auto Mode',
          ...{ effect, remedy },
        })),
    ),
  };
}

/** The OIDC provider that podlift manages for a cluster. */
function providerComparison(scope: Scope, { key }: Cluster, arn: string, adopt: boolean): Comparison {
  const question = { ask: 'oidcProvider', account: scope.environment.account.id, arn } as const;
  const apply = stacks.identity(scope.environment);
  const create = `Remove clusters.${key}.oidc.adopt: the apply then creates the provider. Or create it again by hand.`;
  return {
    kind: 'oidc-provider',
    cluster: key,
    where: arn,
    expected: `accepts the audience ${IRSA_AUDIENCE}`,
    differences: need([question], (provider) =>
      ifNeverApplied(scope, question, adopt && provider === undefined, (neverApplied) =>
        compareOidcProvider(provider).map(({ what, found = '' }) => ({
          found: what === 'missing' ? 'no such provider' : `accepts ${found}`,
          effect: 'no pod of the cluster can assume a role through web identity (IRSA)',
          ...(neverApplied ? beforeImport(apply, [say(create)]) : byApply(apply)),
        })),
      ),
    ),
  };
}

/** Finds out, if `needed` for what is asked `about`, whether no compared role was applied before: then nothing of their stack was. False where no role has an answer. */
function ifNeverApplied(
  scope: Scope,
  about: Question,
  needed: boolean,
  next: (neverApplied: boolean) => readonly Found[],
): readonly Found[] | Ask<readonly Found[]> {
  if (!needed) return next(false);
  const roles = scope.workloads.map(({ role }) => roleQuestion(scope.environment.account, role.name));
  return ask([about, ...roles] as const, (_about, ...answers) => {
    const known = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    return next(known.length > 0 && known.every((role) => role === undefined || !isApplied(role.tags)));
  });
}
