import { createHash } from 'node:crypto';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { policiesOfRole } from '../api/authorise';
import { type Input, optionalText, requiredText } from '../api/Input';
import { eksPage } from '../api/pages';
import type { AnalyzerState } from '../api/SandboxState';
import { allowedServices, trackedActions, useOf } from '../iam/usedActions';
import { accountOf, type RoleState } from '../world/World';

function arnOf({ account, region, name }: AnalyzerState, { partition }: Call): string {
  return `arn:${partition}:access-analyzer:${region}:${account}:analyzer/${name}`;
}

function analyzersOf({ state, account, region }: Call): readonly AnalyzerState[] {
  return state.analyzers.filter((one) => one.account === account && one.region === region);
}

/** The times of Access Analyzer are texts in ISO 8601. Source: its API model, timestampFormat iso8601 */
function summary(analyzer: AnalyzerState, call: Call): Output {
  return {
    arn: arnOf(analyzer, call),
    name: analyzer.name,
    type: 'ACCOUNT_UNUSED_ACCESS',
    status: 'ACTIVE',
    createdAt: analyzer.createdAt,
    tags: {},
  };
}

function missing(what: string): ApiError {
  return new ApiError('ResourceNotFoundException', 404, `${what} does not exist`);
}

/** `ListAnalyzers` omits `configuration`. Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalyzerSummary.html */
function listAnalyzers(input: Input, call: Call): Output {
  const type = optionalText(input, 'type', { pattern: /^(ACCOUNT|ORGANIZATION)(_UNUSED_ACCESS|_INTERNAL_ACCESS)?$/ });
  const all = analyzersOf(call).filter(() => type === undefined || type === 'ACCOUNT_UNUSED_ACCESS');
  const { items, nextToken } = eksPage(input, all, ({ name }) => name);
  return { analyzers: items.map((one) => summary(one, call)), nextToken };
}

function getAnalyzer(input: Input, call: Call): Output {
  const name = requiredText(input, 'analyzerName', { pattern: /^[A-Za-z][A-Za-z0-9_.-]*$/, max: 255 });
  const analyzer = analyzersOf(call).find((one) => one.name === name);
  if (analyzer === undefined) throw missing(`The analyzer ${name}`);
  const configuration = { unusedAccess: { unusedAccessAge: analyzer.days } };
  return { analyzer: { ...summary(analyzer, call), configuration } };
}

interface Finding {
  readonly summary: Output & { readonly id: string };
  readonly details: readonly Output[];
}

function findAnalyzer(input: Input, call: Call): AnalyzerState {
  const arn = requiredText(input, 'analyzerArn', { pattern: /^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:analyzer\/.{1,255}$/ });
  const analyzer = analyzersOf(call).find((one) => arnOf(one, call) === arn);
  if (analyzer === undefined) throw missing(`The analyzer ${arn}`);
  return analyzer;
}

/**
 * The findings about roles: a role that was never used in the days of the analyzer, or the services and tracked actions that it did not use. A role younger than these
 * days has none. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html (unused access)
 */
function findingsOf(analyzer: AnalyzerState, call: Call): readonly Finding[] {
  const since = call.time.getTime() - analyzer.days * 86_400_000;
  return Object.values(accountOf(call.state.world, analyzer.account).roles).flatMap((role) => {
    if (Date.parse(role.createdAt) > since || role.path.startsWith('/aws-service-role/')) return [];
    const lastUsed = call.state.lastUsed.get(role.id)?.LastUsedDate;
    if (lastUsed === undefined || lastUsed.getTime() < since) {
      const details = lastUsed === undefined ? {} : { lastAccessed: lastUsed.toISOString() };
      return [findingOf(analyzer, call, role, 'UnusedIAMRole', [{ unusedIamRoleDetails: details }])];
    }
    const details = unusedPermissions(role, call, since);
    return details.length === 0 ? [] : [findingOf(analyzer, call, role, 'UnusedPermission', details)];
  });
}

function unusedPermissions(role: RoleState, call: Call, since: number): readonly Output[] {
  const documents = (policiesOfRole(call.state.world, role).identity ?? []).map(({ document }) => document);
  const used = useOf(call.state, role.id);
  const recent = used.filter(({ at }) => at.getTime() >= since);
  return allowedServices(documents).flatMap((service) => {
    const isOf = ({ action }: { readonly action: string }) => action.startsWith(`${service}:`);
    const last = used
      .filter(isOf)
      .map(({ at }) => at.toISOString())
      .toSorted()
      .at(-1);
    const common = { serviceNamespace: service, ...(last === undefined ? {} : { lastAccessed: last }) };
    if (!recent.some(isOf)) return [{ unusedPermissionDetails: common }];
    const unused = trackedActions(service, documents).filter((action) => !recent.some((one) => one.action === action));
    const actions = unused.map((action) => ({ action: action.slice(service.length + 1) }));
    return actions.length === 0 ? [] : [{ unusedPermissionDetails: { ...common, actions } }];
  });
}

/** The id of a finding: the same at each scan. */
export function findingId(analyzer: string, role: string, findingType: string): string {
  const hash = createHash('sha256').update(`${analyzer} ${role} ${findingType}`).digest('hex');
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

function findingOf(
  analyzer: AnalyzerState,
  call: Call,
  role: RoleState,
  findingType: string,
  details: readonly Output[],
): Finding {
  const now = call.time.toISOString();
  return {
    summary: {
      id: findingId(analyzer.name, role.arn, findingType),
      resource: role.arn,
      resourceType: 'AWS::IAM::Role',
      resourceOwnerAccount: analyzer.account,
      status: 'ACTIVE',
      findingType,
      analyzedAt: now,
      createdAt: analyzer.createdAt,
      updatedAt: now,
    },
    details,
  };
}

/** The members by which a filter compares here. AWS has more. */
const FILTERS = ['resource', 'resourceType', 'resourceOwnerAccount', 'status', 'findingType', 'id'];

/** A page of findings. A filter knows `eq` here; AWS also has `neq`, `contains` and `exists`. */
function listFindings(input: Input, call: Call): Output {
  const all = findingsOf(findAnalyzer(input, call), call).filter(({ summary: one }) => fits(one, input.filter ?? {}));
  const { items, nextToken } = eksPage(input, all, ({ summary: one }) => one.id);
  return { findings: items.map(({ summary: one }) => one), nextToken };
}

function fits(finding: Output, filter: unknown): boolean {
  return Object.entries(filter as Readonly<Record<string, { readonly eq?: unknown }>>).every(([key, { eq }]) => {
    if (!FILTERS.includes(key) || !Array.isArray(eq))
      throw new ApiError('ValidationException', 400, `the sandbox has no filter ${key} with this operator`);
    return eq.includes(finding[key]);
  });
}

function getFinding(input: Input, call: Call): Output {
  const id = requiredText(input, 'id');
  const found = findingsOf(findAnalyzer(input, call), call).find((one) => one.summary.id === id);
  if (found === undefined) throw missing(`The finding ${id}`);
  const { items, nextToken } = eksPage(input, found.details, (one) => JSON.stringify(one));
  return { ...found.summary, findingDetails: items, nextToken };
}

const onAnalyzer =
  (action: string) =>
  (input: Input): readonly Permission[] => [{ action, resource: requiredText(input, 'analyzerArn') }];

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamaccessanalyzer.html */
export const analyzerActions: Actions = {
  ListAnalyzers: {
    route: 'GET /analyzer',
    permissions: () => [{ action: 'access-analyzer:ListAnalyzers', resource: '*' }],
    handle: listAnalyzers,
  },
  GetAnalyzer: {
    route: 'GET /analyzer/{analyzerName}',
    permissions: (input, { partition, region, account }) => [
      {
        action: 'access-analyzer:GetAnalyzer',
        resource: `arn:${partition}:access-analyzer:${region}:${account}:analyzer/${requiredText(input, 'analyzerName')}`,
      },
    ],
    handle: getAnalyzer,
  },
  // ListFindingsV2 and GetFindingV2 need the permissions of the first versions.
  ListFindingsV2: {
    route: 'POST /findingv2',
    permissions: onAnalyzer('access-analyzer:ListFindings'),
    handle: listFindings,
  },
  GetFindingV2: {
    route: 'GET /findingv2/{id}',
    permissions: onAnalyzer('access-analyzer:GetFinding'),
    handle: getFinding,
  },
};
