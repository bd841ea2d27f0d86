import { parseArn } from '../../iam/Arn';
import { decide } from '../../iam/decide';
import type { Decision, NamedPolicy, StatementAnswer } from '../../iam/Decision';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Context, Request } from '../../iam/Request';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { ApiError, notImplemented } from '../api/ApiError';
import { managedDocument } from '../api/authorise';
import { type Input, optionalText, requiredText, requireMember, structureList, textList } from '../api/Input';
import { iamPage } from '../api/pages';
import { roleByArn, type RoleState, type World } from '../world/World';
import { invalidInput, noSuchEntity, parseDocument, RULES } from './iamRequest';
import { asList } from './roles';

/** Source: the shape ContextKeyTypeEnum of IAM's API model. */
const KEY_TYPE = { pattern: /^(string|numeric|boolean|ip|binary|date)(List)?$/ };

/** Source: the shape ActionNameType of IAM's API model. What IAM answers to a text without a service is unknown. */
const ACTION = { min: 3, max: 128 };

/** Parameters that change which policies count, and that the sandbox does not implement. */
const UNSUPPORTED = ['ResourcePolicy', 'ResourceOwner', 'CallerArn', 'ResourceHandlingOption', 'PolicyExclusionList'];

/** A policy of the simulation, with its type in the answer. */
interface Source extends NamedPolicy {
  readonly type: 'role' | 'aws-managed' | 'user-managed' | 'none';
}

function findSource(input: Input, call: Call): RoleState {
  const arn = requiredText(input, 'PolicySourceArn', RULES.arn);
  if (parseArn(arn)?.service !== 'iam') throw invalidInput(`Invalid Entity Arn: ${arn}`);
  const role = roleByArn(call.state.world, arn);
  if (role === undefined) throw noSuchEntity(`No Entity found with Arn: ${arn}`);
  return role;
}

function managedSource(world: World, arn: string): Source {
  const type = parseArn(arn)?.account === 'aws' ? 'aws-managed' : 'user-managed';
  return { name: arn.slice(arn.lastIndexOf('/') + 1), type, document: managedDocument(world, arn) };
}

/** The document of a text in the request. Throws `InvalidInput`: the model has no other error for it. */
function sentDocument(text: string): PolicyDocument {
  try {
    return parseDocument(text, 'identity').document;
  } catch (error) {
    throw error instanceof ApiError ? invalidInput(error.message) : error;
  }
}

function sentPolicies(input: Input, key: string): readonly Source[] {
  return textList(input, key, RULES.document).map((text, index) => ({
    name: `${key}.${index + 1}`,
    type: 'none',
    document: sentDocument(text),
  }));
}

function identityOf(world: World, role: RoleState, input: Input): readonly Source[] {
  const inline = Object.entries(role.inline).map(([name, text]): Source => {
    return { name: `role_${role.name}_${name}`, type: 'role', document: JSON.parse(text) as PolicyDocument };
  });
  const attached = role.attached.map((arn) => managedSource(world, arn));
  return [...inline, ...attached, ...sentPolicies(input, 'PolicyInputList')];
}

/** The boundary of the request, which replaces that of the role. */
function boundaryOf(world: World, role: RoleState, input: Input): Source | undefined {
  const [sent] = sentPolicies(input, 'PermissionsBoundaryPolicyInputList');
  if (sent !== undefined) return sent;
  return role.boundary === undefined ? undefined : managedSource(world, role.boundary);
}

function readContext(input: Input): Context {
  return Object.fromEntries(
    structureList(input, 'ContextEntries').map((entry) => {
      optionalText(entry, 'ContextKeyType', KEY_TYPE);
      return [requiredText(entry, 'ContextKeyName', { min: 5, max: 256 }), textList(entry, 'ContextKeyValues')];
    }),
  );
}

/** The condition keys of the policies that the request does not give. */
function missingKeys(policies: readonly NamedPolicy[], context: Context): readonly string[] {
  const given = new Set(Object.keys(context).map((key) => key.toLowerCase()));
  const wanted = policies
    .flatMap(({ document }) => asList(document.Statement))
    .flatMap(({ Condition = {} }) => Object.values(Condition))
    .flatMap((block) => Object.keys(block));
  return [...new Set(wanted)].filter((key) => !given.has(key.toLowerCase()));
}

/** The role's trust policy or the policy of a bucket is not part of a simulation: this one leaves the decision to the policies of the role. */
function open(account: string, partition: string): NamedPolicy {
  const Principal = { AWS: `arn:${partition}:iam::${account}:root` };
  return { name: '', document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action: '*' } } };
}

function decisionText({ allowed, reason }: Decision): string {
  if (allowed) return 'allowed';
  return reason === 'explicit deny' ? 'explicitDeny' : 'implicitDeny';
}

function matched(decision: Decision, sources: readonly Source[]): readonly Output[] {
  const applies = ({ policy, applies: yes, statement }: StatementAnswer): readonly string[] =>
    yes && (decision.reason !== 'explicit deny' || statement.Effect === 'Deny') ? [policy] : [];
  const names = new Set(decision.statements.flatMap(applies));
  return sources
    .filter(({ name }) => names.has(name))
    .map(({ name, type }) => ({ SourcePolicyId: name, SourcePolicyType: type }));
}

/**
 * Evaluates the policies of a role, and those of the request, for each action on each resource, with the engine that decides the sandbox's own
 * requests. Resource policies and organizations are no part of it. The positions of the statements are left out.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
function simulate(input: Input, call: Call): Output {
  const unsupported = UNSUPPORTED.find((key) => input[key] !== undefined);
  if (unsupported !== undefined) throw notImplemented(`the parameter ${unsupported} of iam:SimulatePrincipalPolicy`);
  requireMember(input, 'ActionNames');
  const { world } = call.state;
  const actions = textList(input, 'ActionNames', ACTION);
  const wrong = actions.find((action) => !/^[\w-]+:[\w*]+$/.test(action));
  if (wrong !== undefined) throw invalidInput(`Invalid action: ${wrong}`);
  const resources = textList(input, 'ResourceArns', { min: 1, max: 2048 });
  const context = readContext(input);
  const role = findSource(input, call);
  const identity = identityOf(world, role, input);
  const boundary = boundaryOf(world, role, input);
  const missing = missingKeys([...identity, ...(boundary === undefined ? [] : [boundary])], context);
  const resource = open(call.account, call.partition);
  const results = actions.flatMap((action) =>
    (resources.length === 0 ? ['*'] : resources).map((arn): Output => {
      const caller = { kind: 'role', roleArn: role.arn } as const;
      const request: Request = { caller, action, resource: arn, resourceAccount: call.account, context };
      const limits = boundary === undefined ? {} : { boundary };
      const decision = decide(request, { identity, resource, ...limits });
      return {
        EvalActionName: action,
        EvalResourceName: arn,
        EvalDecision: decisionText(decision),
        MatchedStatements: matched(decision, identity),
        MissingContextValues: missing,
        ...(boundary === undefined
          ? {}
          : {
              PermissionsBoundaryDecisionDetail: {
                AllowedByPermissionsBoundary: decide(request, { identity: [boundary], resource }).allowed,
              },
            }),
      };
    }),
  );
  const ordered = results.map((result, index) => ({ result, key: String(index).padStart(6, '0') }));
  const { items, paging } = iamPage(input, ordered, ({ key }) => key);
  return { EvaluationResults: items.map(({ result }) => result), ...paging };
}

/** The simulation of policies. */
export const simulationActions: Actions = {
  SimulatePrincipalPolicy: {
    permissions: (input, call): readonly Permission[] => {
      const resource = requiredText(input, 'PolicySourceArn', RULES.arn);
      const resourceTags = roleByArn(call.state.world, resource)?.tags ?? {};
      return [{ action: 'iam:SimulatePrincipalPolicy', resource, resourceTags }];
    },
    handle: simulate,
  },
};
