import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { advance } from '../../../src/cli/commands/advance';
import { stepWorld, type StepOptions } from '../../../src/cli/commands/advance';
import type { StepReport, StepWorld } from '../../../src/operations/step/takeStep';
import type { GateResult } from '../../../src/operations/gate/gate';
import { stepOf } from '../../../src/operations/gate/Step';
import type { PodFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { podPorts } from './podPorts';
import { folderOf } from '../../inventory/fixtures';
import { BASE } from '../../inventory/marked';
import { containerOf } from '../../operations/facts';

export const NOW = new Date('2026-11-20T12:34:56.789Z');
export const TEXT =
  BASE.replace(
    '  pilot: { stages: { dev: dual, prod: prepared } }',
    '  pilot: { stages: { dev: dual, prod: prepared } } # now\n  core: { after: pilot }',
  )
    .replace('    values: { bucket: acme-prod }', '    values: { bucket: acme-prod }\n')
    .replace('name: prod-main\n', 'name: prod-main\n        kubernetes: { context: "prod-main" }\n') +
  '    targets: { lake: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } } }\n' +
  '    sdk: { language: python, version: 1.34.60 }\n';

export interface Told {
  readonly exit: number;
  readonly text: string;
  readonly file: string;
  readonly content: string;
  readonly report: StepReport;
}

export function pod(name: string, podIdentity: boolean): PodFacts {
  const path = '/var/run/secrets';
  const env = podIdentity
    ? {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${path}/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token`,
      }
    : { AWS_ROLE_ARN: 'arn:…', AWS_WEB_IDENTITY_TOKEN_FILE: `${path}/eks.amazonaws.com/serviceaccount/token` };
  return {
    namespace: 'production',
    name,
    serviceAccount: 'api',
    phase: 'Running',
    ready: true,
    ending: false,
    owner: { kind: 'Deployment', name: name.replace(/-.*/, '') },
    labels: {},
    hostNetwork: false,
    containers: [containerOf({ name: 'main', env })],
    tokenVolumes: {},
  };
}

/** A world whose gate holds, or does not, and whose pods are these. */
export function world(
  holds: GateResult['evidence'][number]['holds'] = 'yes',
  pods: readonly PodFacts[] | 'down' = [],
): StepWorld {
  return {
    ...stepWorld(() => podPorts(pods), { source: {}, command: [], clock: () => NOW }),
    judge: (inventory, request) => {
      const { step, to } = stepOf(inventory, request);
      return {
        ...request,
        from: step.from,
        ...(to && { to }),
        holds: holds === 'yes',
        evidence: [
          {
            check: 'agent-on-nodes',
            workload: 'api',
            environment: request.environment,
            cluster: 'main',
            asked: 'get nodes',
            of: 'kubectl',
            when: NOW.toISOString(),
            found: 'node ip-10-0-0-1 has no agent',
            holds,
            ...(holds !== 'yes' && { remedy: [{ say: 'wait for the agent' }] }),
          },
        ],
      };
    },
  };
}

export async function run(
  command: typeof advance,
  options: Partial<StepOptions> & { readonly wave?: string; readonly file?: string; readonly text?: string } = {},
  where: StepWorld = world(),
): Promise<Told> {
  const { wave = 'pilot', text = TEXT, ...rest } = options;
  const file = options.file ?? join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml');
  const said: string[] = [];
  const spies = (['log', 'error'] as const).map((name) =>
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => {
      said.push(words.join(' '));
    }),
  );
  process.env.PODLIFT_INVENTORY = file;
  try {
    const exit = await command(wave, { environment: 'prod', format: 'text', ...rest }, where);
    const whole = said.join('\n');
    const report = rest.format === 'json' ? (JSON.parse(whole) as StepReport) : ({} as StepReport);
    return { exit, text: whole, file, content: readFileSync(file, 'utf8'), report };
  } finally {
    delete process.env.PODLIFT_INVENTORY;
    for (const spy of spies) spy.mockRestore();
  }
}

export const AFTER = TEXT.replace('prod: prepared', 'prod: { stage: dual, since: 2026-11-20T12:34:56Z }');
