import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { type Diagnosis, doctor, doctorQuestions, type DoctorRequest } from '../../../src/operations/doctor/doctor';
import { agreedWorld, NODE_POLICY, NODE_ROLE, pilotAt, type Setting, type World } from '../agreedWorld';
import { estateOf } from '../estateOf';

// A world in which every check of the doctor passes; a test breaks one thing and says what the doctor names first.

export const ACCOUNT = '333333333333';
export const SOURCE = `${ACCOUNT}/prod-orders-api`;
export { NODE_POLICY, NODE_ROLE };

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
  return { inventory, world: agreedWorld(inventory) };
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
