import type { Answer } from '../../src/estate/aws/AwsPort';
import type { Ports } from '../../src/estate/Ports';
import type { World } from './World';

/** Ports that answer from a world. */
export function portsTo(world: World): Ports {
  const answer = <T>(method: string, parts: readonly unknown[], value: () => T): Promise<Answer<T>> => {
    const question = [method, ...parts].join(' ');
    world.asked.push(question);
    const why = world.unanswered[question] ?? world.unanswered[method];
    return Promise.resolve(
      why === undefined ? { ok: true, value: value() } : { ok: false, why, message: `no answer to ${method}` },
    );
  };
  return {
    aws: (account, region) => ({
      organizationAccounts: () => answer('organizationAccounts', [], () => []),
      regions: () => answer('regions', [], () => [region]),
      clusterNames: () => answer('clusterNames', [region], () => Object.keys(world.clusters)),
      describeCluster: (name) => answer('describeCluster', [name], () => world.clusters[name]),
      addon: (cluster, name) =>
        answer('addon', [cluster, name], () => {
          const agent = world.addons[cluster];
          return agent?.name === name ? agent : world.otherAddons[cluster]?.find((addon) => addon.name === name);
        }),
      addons: (cluster) =>
        answer('addons', [cluster], () => {
          const agent = world.addons[cluster];
          return [...(agent === undefined ? [] : [agent]), ...(world.otherAddons[cluster] ?? [])];
        }),
      nodeGroups: (cluster) => answer('nodeGroups', [cluster], () => world.nodeGroups[cluster] ?? []),
      associations: (cluster, wanted) =>
        answer(
          'associations',
          [cluster, ...(wanted ?? []).map((one) => `${one.namespace}/${one.serviceAccount}`)],
          () =>
            world.associations.filter(
              (one) =>
                wanted === undefined ||
                wanted.some(
                  ({ namespace, serviceAccount }) =>
                    namespace === one.namespace && serviceAccount === one.serviceAccount,
                ),
            ),
        ),
      accountRoles: () =>
        answer('accountRoles', [account.id], () =>
          Object.entries(world.roles).flatMap(([key, role]) =>
            key.startsWith(`${account.id}/`)
              ? [{ role, policies: world.rolePolicies[key] ?? { attached: [], inline: {} } }]
              : [],
          ),
        ),
      accountPolicies: () =>
        answer('accountPolicies', [account.id], () =>
          Object.fromEntries(Object.entries(world.managedPolicies).filter(([arn]) => arn.split(':')[4] === account.id)),
        ),
      role: (name) => answer('role', [account.id, name], () => world.roles[`${account.id}/${name}`]),
      rolePolicies: (name) =>
        answer('rolePolicies', [account.id, name], () => world.rolePolicies[`${account.id}/${name}`]),
      managedPolicy: (arn) => answer('managedPolicy', [arn], () => world.managedPolicies[arn]),
      oidcProvider: (arn) => answer('oidcProvider', [arn], () => world.oidcProviders[arn]),
      lastAccessed: (arn) => answer('lastAccessed', [arn], () => world.lastAccessed?.[arn]),
      analyzers: () =>
        answer('analyzers', [account.id, region], () => world.analyzers?.[`${account.id} ${region}`] ?? []),
      unusedFindings: (analyzer, role) =>
        answer('unusedFindings', [analyzer, role], () => world.unusedFindings?.[`${analyzer} ${role}`] ?? []),
      events: (names, since) =>
        answer('events', [account.id, region, names.join(','), since], () =>
          world.events.filter(
            ({ id, name, at }) =>
              names.includes(name) &&
              new Date(at) >= new Date(since) &&
              (world.eventRegions?.[id] ?? region) === region,
          ),
        ),
      roleEvents: (arn, since) =>
        answer('roleEvents', [account.id, region, arn, since], () =>
          world.events.filter(({ roleArns, at }) => roleArns.includes(arn) && new Date(at) >= new Date(since)),
        ),
    }),
    kubernetes: () => ({
      pods: (namespace) => answer('pods', [namespace], () => world.pods.filter((pod) => pod.namespace === namespace)),
      allPods: () => answer('allPods', [], () => world.pods),
      templates: (namespace) =>
        answer('templates', [namespace], () => world.templates.filter((one) => one.namespace === namespace)),
      admission: (namespace, serviceAccount) =>
        answer('admission', [namespace, serviceAccount], () => {
          const pod = world.pods.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount);
          if (pod === undefined) throw new Error(`the world has no pod of ${namespace}/${serviceAccount}`);
          return { of: `deployment/${serviceAccount}`, pod };
        }),
      allTemplates: () => answer('allTemplates', [], () => world.templates),
      configMap: (namespace, name) =>
        answer('configMap', [namespace, name], () => world.configMaps[`${namespace}/${name}`]),
      secret: (namespace, name) => answer('secret', [namespace, name], () => world.secrets[`${namespace}/${name}`]),
      serviceAccounts: () => answer('serviceAccounts', [], () => Object.values(world.serviceAccounts)),
      networkPolicies: (namespace) =>
        answer('networkPolicies', [namespace], () => world.networkPolicies[namespace] ?? []),
      nodes: () => answer('nodes', [], () => world.nodes),
      apiGroups: () =>
        answer('apiGroups', [], () => [
          ...new Set(
            Object.keys({ ...world.customObjects, ...world.enginePolicies }).map((one) =>
              one.slice(one.indexOf('.') + 1),
            ),
          ),
        ]),
      customObjects: (resource) => answer('customObjects', [resource], () => world.customObjects?.[resource] ?? []),
      enginePolicies: (resource) => answer('enginePolicies', [resource], () => world.enginePolicies?.[resource] ?? []),
      issuer: () => answer('issuer', [], () => world.issuer),
      serviceAccount: (namespace, name) =>
        answer('serviceAccount', [namespace, name], () => world.serviceAccounts[`${namespace}/${name}`]),
    }),
  };
}
