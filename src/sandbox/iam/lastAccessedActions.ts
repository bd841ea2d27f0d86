import { randomUUID } from 'node:crypto';
import type { Actions, Call, Output, Permission } from '../api/Action';
import type { UsedAction } from '../api/SandboxState';
import { policiesOfRole } from '../api/authorise';
import { requiredText, optionalText, type Input } from '../api/Input';
import { iamPage } from '../api/pages';
import { roleByArn } from '../world/World';
import { noSuchEntity, RULES } from './iamRequest';
import { allowedServices, trackedActions, useOf } from './usedActions';

/**
 * Makes a report about a role. The sandbox has no users and no groups, and reports on policies of the account are not made.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
function generate(input: Input, call: Call): Output {
  const arn = requiredText(input, 'Arn', RULES.arn);
  const granularity =
    optionalText(input, 'Granularity', { pattern: /^(SERVICE_LEVEL|ACTION_LEVEL)$/ }) ?? 'SERVICE_LEVEL';
  const role = roleByArn(call.state.world, arn);
  if (role === undefined || arn.split(':')[4] !== call.account) throw noSuchEntity(`ARN ${arn} is not found.`);
  const documents = (policiesOfRole(call.state.world, role).identity ?? []).map(({ document }) => document);
  const used = useOf(call.state, role.id);
  const services = allowedServices(documents).map((service) =>
    serviceView(service, {
      used: used.filter(({ action }) => action.startsWith(`${service}:`)),
      tracked: granularity === 'ACTION_LEVEL' ? trackedActions(service, documents) : [],
      arn,
    }),
  );
  const id = randomUUID();
  call.state.accessReports.set(id, {
    owner: ownerOf(call),
    granularity,
    createdAt: call.time,
    isReady: false,
    services,
  });
  return { JobId: id };
}

/** A user, or one session of a role: another session of the same name does not have the report. */
function ownerOf({ principal }: Call): string {
  return principal.kind === 'session' ? principal.session.accessKeyId : principal.arn;
}

function serviceView(
  service: string,
  {
    used,
    tracked,
    arn,
  }: { readonly used: readonly UsedAction[]; readonly tracked: readonly string[]; readonly arn: string },
): Output {
  const last = latest(used);
  return {
    ServiceName: service,
    ServiceNamespace: service,
    ...(last && { LastAuthenticated: last.at, LastAuthenticatedEntity: arn, LastAuthenticatedRegion: last.region }),
    TotalAuthenticatedEntities: last === undefined ? 0 : 1,
    ...(tracked.length === 0
      ? {}
      : {
          TrackedActionsLastAccessed: tracked.map((action) => {
            const use = latest(used.filter((one) => one.action === action));
            return {
              ActionName: action.slice(service.length + 1),
              ...(use && { LastAccessedEntity: arn, LastAccessedTime: use.at, LastAccessedRegion: use.region }),
            };
          }),
        }),
  };
}

function latest(used: readonly UsedAction[]): UsedAction | undefined {
  return used.reduce<UsedAction | undefined>(
    (last, one) => (last !== undefined && last.at >= one.at ? last : one),
    undefined,
  );
}

/**
 * A page of a report. Whoever asks for the first time is told that it is `IN_PROGRESS`. The report of another session does not exist for the caller.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
 */
function details(input: Input, call: Call): Output {
  const id = requiredText(input, 'JobId', { pattern: /^[\w-]{36}$/ });
  const report = call.state.accessReports.get(id);
  if (report?.owner !== ownerOf(call)) throw noSuchEntity(`Job ${id} cannot be found.`);
  const common = { JobType: report.granularity, JobCreationDate: report.createdAt };
  if (!report.isReady) {
    call.state.accessReports.set(id, { ...report, isReady: true });
    return { JobStatus: 'IN_PROGRESS', ...common, IsTruncated: false };
  }
  const { items, paging } = iamPage(input, report.services, ({ ServiceNamespace }) => String(ServiceNamespace));
  return {
    JobStatus: 'COMPLETED',
    ...common,
    JobCompletionDate: report.createdAt,
    ServicesLastAccessed: items,
    ...paging,
  };
}

const onArn = (input: Input): readonly Permission[] => [
  { action: 'iam:GenerateServiceLastAccessedDetails', resource: requiredText(input, 'Arn', RULES.arn) },
];

export const lastAccessedActions: Actions = {
  GenerateServiceLastAccessedDetails: { permissions: onArn, handle: generate },
  GetServiceLastAccessedDetails: {
    permissions: () => [{ action: 'iam:GetServiceLastAccessedDetails', resource: '*' }],
    handle: details,
  },
};
