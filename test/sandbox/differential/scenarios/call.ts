import type { Service } from '../../../../src/sandbox/api/Service';
import type { SandboxSeed } from '../../../../src/sandbox/Seed';
import type { Input } from '../../contract/rawCall';
import { allow, APPS, podTrust, policy } from '../../testSandbox';

export type ScenarioCall = readonly [service: Service, operation: string, input: Input];

/** Calls in their order, against a sandbox and a moto without anything. */
export interface Scenario {
  readonly name: string;
  readonly calls: readonly ScenarioCall[];
  /** What the sandbox has before the first call, and the calls that make the same in moto. Default: nothing. */
  readonly start?: { readonly seed: SandboxSeed; readonly moto: readonly ScenarioCall[] };
}

export const iam = (operation: string, input: Input = {}): ScenarioCall => ['iam', operation, input];
export const sts = (operation: string, input: Input = {}): ScenarioCall => ['sts', operation, input];
export const eks = (operation: string, input: Input = {}): ScenarioCall => ['eks', operation, input];

export const TRUST = JSON.stringify(policy(podTrust()));
export const READ = JSON.stringify(allow('s3:GetObject'));
export const POLICY = `arn:aws:iam::${APPS}:policy/p`;
export const MISSING = `arn:aws:iam::${APPS}:policy/missing`;
export const AWS_POLICY = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';

/** The role of most scenarios. */
export const role = { RoleName: 'r' };
export const create = iam('CreateRole', { ...role, AssumeRolePolicyDocument: TRUST });
export const createPolicy = iam('CreatePolicy', { PolicyName: 'p', PolicyDocument: READ });

/** Tags `k0`, `k1`, … */
export function tags(count: number, prefix = 'k'): readonly { readonly Key: string; readonly Value: string }[] {
  return Array.from({ length: count }, (_item, index) => ({ Key: `${prefix}${index}`, Value: 'v' }));
}

/** Names at the edges of IAM's rules. */
export const NAMES = ['a', 'A.b-c_d=e,f@g+h', 'x'.repeat(64), 'x'.repeat(65), 'a b', 'ä', 'a/b', ''];
export const PATHS = ['/', '/a/', '/a/b/', '/a', 'a/', '//', `/${'x'.repeat(510)}/`, `/${'x'.repeat(511)}/`];
