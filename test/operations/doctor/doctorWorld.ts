import { oidcProviderArn } from '../../../src/blueprint/arns';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { type Diagnosis, doctor, doctorQuestions, type DoctorRequest } from '../../../src/operations/doctor/doctor';
import { agreedWorld, pilotAt, type Setting, type World } from '../agreedWorld';
import { estateOf } from '../estateOf';
import { roleFactsOf } from '../facts';

// A world in which every check of the doctor passes; a test breaks one thing and says what the doctor names first.

export const ACCOUNT = '333333333333';
export const SOURCE = `${ACCOUNT}/prod-orders-api`;
export const NODE_ROLE = `arn:aws:iam::${ACCOUNT}:role/nodes`;
export const NODE_POLICY = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';

export const PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/${'MAIN'.padEnd(32, '0')}`;

export function allowing(
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}

export interface Case {
  readonly inventory: Inventory;
  readonly world: World;
}

export function healthy(stage: Stage, setting: Setting = {}): Case {
  const inventory = pilotAt(stage, setting);
  const world = agreedWorld(inventory);
  const [environment] = inventory.environments;
  for (const { name, oidc } of environment!.clusters) {
    const arn = oidcProviderArn('aws', ACCOUNT, oidc?.issuer ?? '');
    world.oidcProviders[arn] = { arn, audiences: ['sts.amazonaws.com'] };
    world.nodeGroups[name] = [{ name: 'workers', nodeRole: NODE_ROLE }];
    world.clusters[name] = { ...world.clusters[name]!, nodeRoleArn: NODE_ROLE };
  }
  world.nodes = world.nodes.map((node) => (node.computeType === 'auto' ? node : { ...node, nodeGroup: 'workers' }));
  world.roles[`${ACCOUNT}/nodes`] = roleFactsOf({ arn: NODE_ROLE, trust: { Statement: [] } });
  world.rolePolicies[`${ACCOUNT}/nodes`] = { attached: [NODE_POLICY], inline: {} };
  world.managedPolicies[NODE_POLICY] = allowing('eks-auth:AssumeRoleForPodIdentity');
  return { inventory, world };
}

export async function ask(one: Case, request: Partial<DoctorRequest> = {}): Promise<Diagnosis> {
  const [first] = await diagnosesOf(one, request);
  return first!;
}

export async function diagnosesOf(
  { inventory, world }: Case,
  request: Partial<DoctorRequest> = {},
): Promise<readonly Diagnosis[]> {
  const whole = { environments: ['prod'], ...request };
  return doctor(inventory, whole, await estateOf(world, inventory, doctorQuestions(inventory, whole)));
}

/** What does not pass, as `check state`, those that an earlier one explains in brackets. */
export function notes({ findings }: Diagnosis): string[] {
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, follows }) =>
      follows === undefined ? `${check} ${state}` : `(${check} ${state} after ${follows})`,
    );
}
