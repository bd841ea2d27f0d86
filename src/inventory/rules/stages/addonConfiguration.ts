import { ADDON_VERSIONS_DATE, compareVersions } from '../../aws/addonVersions';
import * as aws from '../../aws/knownAddons';
import { type SchemaProblem, schemaProblems } from '../../aws/valueSchema';
import type { Segments } from '../../Finding';
import type { Cluster, Environment } from '../../Inventory';
import { didYouMean, listed } from '../../suggest';
import { clustersOf, type Rule, type RuleFinding } from '../Rule';

/**
 * EKS refuses a configuration that does not fit the schema of the version. Of the agent podlift knows the whole schema of each version: an
 * error. Of a version newer than the list, and of other add-ons, it knows less: a warning.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (configurationValues)
 */
export const addonConfiguration: Rule = {
  name: 'addon-configuration',
  severities: ['error', 'warning'],
  what: 'The `configuration` of the agent, and the names at the top of the configuration of a well-known add-on, fit the schema of EKS.',
  example: 'agent v1.3.4-eksbuild.1 has no configuration "agnt": did you mean "agent"?',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      const { agent, addons } = cluster;
      if (agent !== undefined) yield* ofAddon(pathOf(environment, cluster, 'agent'), { ...agent, name: aws.AGENT });
      for (const addon of addons) yield* ofAddon(pathOf(environment, cluster, 'addons', addon.name), addon);
    }
  },
};

interface Configured {
  readonly name: string;
  readonly version: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

function pathOf(environment: Environment, cluster: Cluster, ...rest: readonly string[]): Segments {
  return ['environments', environment.key, 'clusters', cluster.key, ...rest];
}

function* ofAddon(path: Segments, { name, version, configuration }: Configured): Generator<RuleFinding> {
  const schema = aws.addonConfiguration(name, version);
  if (configuration === undefined || schema === undefined) return;
  const newest = aws.KNOWN_ADDONS[aws.AGENT]?.versions.at(-1)?.version ?? '';
  const isSure = name === aws.AGENT && compareVersions(version, newest) <= 0;
  const subject = name === aws.AGENT ? `agent ${version}` : `add-on ${name}`;
  for (const problem of schemaProblems(configuration, schema)) {
    yield {
      path: [...path, 'configuration', ...problem.path],
      ...finding(problem, subject),
      ...(isSure ? {} : { severity: 'warning' }),
    };
  }
}

function finding(problem: SchemaProblem, subject: string): Pick<RuleFinding, 'message' | 'hint' | 'at'> {
  const at = problem.path.join('.');
  if (problem.kind === 'wrong-type') {
    return {
      message: `the configuration "${at}" of ${subject} is ${articled(problem.found)}, not ${problem.expected.map(articled).join(' or ')}`,
      hint: `Write ${problem.expected.map(articled).join(' or ')}.`,
    };
  }
  const name = String(problem.path.at(-1));
  return {
    message: `${subject} has no configuration "${at}": ${didYouMean(name, problem.allowed)}podlift knows the schemas of ${ADDON_VERSIONS_DATE}`,
    hint: `Write one of these names, or remove it: ${listed(problem.allowed, 30)}.`,
    at: 'key',
  };
}

const NOUNS: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function articled(type: string): string {
  return NOUNS[type] ?? type;
}
