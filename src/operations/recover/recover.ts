import type { Blueprint } from '../../blueprint/Blueprint';
import { compile } from '../../blueprint/compile';
import { foreignOwner } from '../../blueprint/stateOwner';
import { stacksOf } from '../../blueprint/stacksOf';
import { isNoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { placesOf } from '../../estate/places';
import type { Question } from '../../estate/questions';
import { answerOf } from '../../estate/questions';
import type { Environment, Inventory } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { noAnswerText, remedyOf, run } from '../remedies';
import { type WrittenImport, writtenImports } from './deadImports';
import type { DeadImport, FoundResource, RecoverRequest, Recovery, StackState, StackStates } from './Recovery';
import { type Asked, stackResources, type Standing } from './stackResources';
import { keysIn } from './stateKeys';
import { unwantedOn } from './unwanted';

/** The questions of `recover` that an Estate does not answer yet. */
export function recoverQuestions(
  inventory: Inventory,
  request: RecoverRequest,
  states: StackStates,
): (estate: Estate) => readonly Question[] {
  const scopes = scopesOf(inventory, request, states);
  const asks = scopes.flatMap((scope) => [
    ...scope.asked.map(({ standing }) => standing),
    ...scope.unwanted,
    ...scope.imports.flatMap((one) => associationQuestion(scope.environment, one)),
  ]);
  return (estate) => asks.flatMap((one) => ('ask' in one ? open(estate, one) : openQuestions(one, estate)));
}

function open(estate: Estate, question: Question): readonly Question[] {
  const answer = answerOf(estate, question);
  return !answer.ok && answer.why === 'not-asked' ? [question] : [];
}

/** An import of an association is compared with all of its cluster: its id can be that of an earlier association. */
function associationQuestion({ clusters }: Environment, { kind, cluster }: WrittenImport): readonly Question[] {
  const arn = clusters.find(({ key }) => key === cluster)?.arn;
  return kind === 'association' && arn !== undefined ? [{ ask: 'associations', cluster: arn }] : [];
}

/**
 * Finds what exists in AWS and on the clusters and is in no state, because an apply was killed or a state was lost; and the entries under `imports`
 * that are no longer needed. A state or an answer that is missing is a result that is `unknown`.
 */
export function recover(inventory: Inventory, request: RecoverRequest, states: StackStates, estate: Estate): Recovery {
  const places = placesOf(inventory);
  const scopes = scopesOf(inventory, request, states);
  const all = scopes.map((scope) => {
    const { environment } = scope;
    const key = environment.key;
    const unreadable = scope.states.flatMap(({ stack, state }) =>
      state.ok ? [] : [stateUnknown(key, stack, state.message)],
    );
    const standing = scope.asked.map((asked) => ({ asked, result: settle(asked.standing, estate) }));
    const resources = standing.flatMap(({ asked, result }): readonly FoundResource[] => {
      const { value } = result;
      const subject = subjectOf(key, asked);
      if ('problem' in value) return [{ ...subject, what: 'unknown', ...value.problem }];
      if (!isNoAnswer(value)) return value.flatMap((one) => missing(scope, one));
      const { noAnswer, answer } = value;
      return [{ ...subject, what: 'unknown', ...noAnswerText(value, places), reason: answer.why, question: noAnswer }];
    });
    const unwanted = scope.unwanted.flatMap((one): readonly FoundResource[] => {
      const { value } = settle(one, estate);
      if (!isNoAnswer(value)) return value.map((found) => ({ environment: key, ...found }));
      const { noAnswer, answer } = value;
      const cluster = environment.clusters.find(({ arn }) => 'cluster' in noAnswer && noAnswer.cluster === arn);
      const known = {
        stack: identityStackName(key),
        kind: 'association',
        where: `every service account on ${cluster?.name ?? ''}`,
      } as const;
      return [
        {
          environment: key,
          ...known,
          ...(cluster && { cluster: cluster.key }),
          what: 'unknown',
          ...noAnswerText(value, places),
          reason: answer.why,
          question: noAnswer,
        },
      ];
    });
    const found = standing.flatMap(({ result: { value } }) => ('problem' in value || isNoAnswer(value) ? [] : value));
    const unanswered = standing.flatMap(({ asked, result: { value } }) =>
      'problem' in value || isNoAnswer(value) ? [asked] : [],
    );
    return {
      compared: found.length,
      resources: [...unreadable, ...resources, ...unwanted],
      dead: scope.imports.flatMap((one) => deadImport(scope, one, found, unanswered, estate)),
    };
  });
  return {
    when: estate.at,
    environments: scopes.map(({ environment }) => environment.key),
    compared: all.reduce((sum, { compared }) => sum + compared, 0),
    resources: all.flatMap(({ resources }) => resources),
    dead: all.flatMap(({ dead }) => dead),
  };
}

interface Scope {
  readonly environment: Environment;
  readonly blueprint: Blueprint;
  readonly states: readonly { readonly stack: string; readonly state: StackState }[];
  readonly asked: readonly Asked[];
  readonly unwanted: ReturnType<typeof unwantedOn>;
  readonly imports: readonly WrittenImport[];
  /** What the state of a stack has; undefined where the state is not known. */
  readonly keysOf: (stack: string) => ReadonlySet<string> | undefined;
}

function scopesOf(
  inventory: Inventory,
  { environments, stacks }: RecoverRequest,
  known: StackStates,
): readonly Scope[] {
  return inventory.environments
    .filter(({ key }) => environments.includes(key))
    .map((environment) => {
      const blueprint = compile(inventory, environment.key);
      const isMeant = (stack: string): boolean => stacks?.includes(stack) !== false;
      const read = stacksOf(blueprint)
        .filter(({ name }) => isMeant(name))
        .map(({ name }) => ({
          stack: name,
          state: known.get(name) ?? { ok: false as const, message: 'the state was not read' },
        }));
      const states = withoutForeign(blueprint, read);
      const keys = new Map(states.flatMap(({ stack, state }) => (state.ok ? [[stack, keysIn(state.content)]] : [])));
      const keysOf = (stack: string) => keys.get(stack);
      const inIdentity = keysOf(identityStackName(environment.key));
      return {
        environment,
        blueprint,
        states,
        keysOf,
        asked: stackResources(inventory, environment, blueprint).filter(({ stack }) => isMeant(stack)),
        unwanted:
          inIdentity === undefined || stacks !== undefined
            ? []
            : environment.clusters.flatMap((cluster) =>
                unwantedOn(inventory, environment, blueprint, cluster, inIdentity),
              ),
        imports: stacks === undefined ? writtenImports(inventory, environment) : [],
      };
    });
}

/** The states of another inventory say nothing of this one. */
function withoutForeign(blueprint: Blueprint, states: Scope['states']): Scope['states'] {
  const owner = foreignOwner(
    blueprint,
    states.flatMap(({ state }) => (state.ok && state.content !== undefined ? [state.content] : [])),
  );
  if (owner === undefined) return states;
  const message = `the state is ${owner}, not of this inventory`;
  return states.map(({ stack, state }) => ({
    stack,
    state: state.ok && state.content !== undefined ? { ok: false, message } : state,
  }));
}

function stateUnknown(environment: string, stack: string, message: string): FoundResource {
  const remedy = remedyOf('Fix this first, then run the command again. docs/RECOVERY.md has the cases.');
  return { environment, stack, kind: 'state', where: stack, what: 'unknown', found: message, remedy };
}

function subjectOf(environment: string, { kind, stack, workload, cluster, where }: Asked) {
  return { environment, kind, stack, where, ...(workload && { workload }), ...(cluster && { cluster }) };
}

/** A resource that exists and that neither the state nor an import of the inventory has. */
function missing({ environment, keysOf }: Scope, one: Standing): readonly FoundResource[] {
  const keys = keysOf(one.stack);
  if (keys === undefined || keys.has(one.key) || one.imported) return [];
  const { kind, stack, workload, cluster, where, id, found, entry, isOwn, adopt } = one;
  const subject = { environment: environment.key, kind, stack, where, id, found };
  const places = { ...(workload !== undefined && { workload }), ...(cluster !== undefined && { cluster }) };
  // A policy is written whole: IAM has no error for one that exists.
  const isWritten = kind === 'inline-policy' || kind === 'managed-policy';
  const effect = isWritten ? undefined : 'an apply fails: it already exists';
  const common = { ...subject, ...places, entry, ...(effect !== undefined && { effect }) };
  const stale = one.placeKey !== undefined && keys.has(one.placeKey);
  // Terraform ignores an import for an address that the state has, and plans to create the object.
  const forget = stale
    ? remedyOf(
        'The state has an earlier association of the service account, which is gone. Let Terraform forget it, then plan again. The first plan writes the folder of the stack:',
        run`npx cdktf plan ${stack}`,
        run`terraform -chdir=${`cdktf.out/stacks/${stack}`} apply -refresh-only`,
      )
    : [];
  if (isOwn) return [{ ...common, what: 'import', remedy: forget }];
  if (one.otherPath !== undefined || one.taggedFor !== undefined)
    return [{ ...common, what: 'other', remedy: remedyOf(...ofAnother(one)) }];
  const path = `${entry.path.join('.')}: ${entry.item === undefined ? String(entry.value) : `[${String(entry.value)}]`}`;
  const remedy = remedyOf(
    'It does not carry the tag podlift:environment of this environment, so podlift does not import it by itself. First find out who made it.',
    `If podlift made it, write: ${path}`,
    adopt === undefined ? [] : `If it is of another owner who leaves it to podlift, write: ${adopt}`,
  );
  return [{ ...common, what: 'other', remedy }];
}

/** What to do with a resource that is surely not this environment's: an import would let two states change it. */
function ofAnother({ kind, otherPath, taggedFor = '', workload = '', adopt }: Standing): readonly string[] {
  if (otherPath !== undefined)
    return [
      `The name of a role is unique in its account. If it is the role of ${workload}, write role.path: ${otherPath} for ${workload}. Otherwise write another role.name.`,
    ];
  const tag = `It carries the tag podlift:environment: ${taggedFor}. Do not import it: the states of two environments would change it.`;
  switch (kind) {
    case 'agent':
    case 'addon':
    case 'oidc-provider':
      return [tag, adopt === undefined ? '' : `If ${taggedFor} keeps it, write: ${adopt}`].filter(
        (text) => text !== '',
      );
    case 'association':
      return [tag, `The service account can be in one environment only: remove ${workload} from one of the two.`];
    default:
      return [tag, `Write another role.name for ${workload}, or remove the workload from ${taggedFor} first.`];
  }
}

/** Whether an import is no longer needed. An object of which nothing is known is not gone. */
function deadImport(
  { environment, blueprint, keysOf }: Scope,
  one: WrittenImport,
  found: readonly Standing[],
  unanswered: readonly Asked[],
  estate: Estate,
): readonly DeadImport[] {
  const { path, item } = one;
  const dead = (why: DeadImport['why']) => [
    { environment: environment.key, path, ...(item !== undefined && { item }), why },
  ];
  if (one.kind === 'association') {
    const wanted = blueprint.associations.some(
      ({ workload, cluster }) => workload === one.workload && cluster === one.cluster,
    );
    if (!wanted) return dead('unwanted');
    const [question] = associationQuestion(environment, one);
    const answer = question === undefined ? undefined : answerOf(estate, question);
    if (answer?.ok === true) {
      const all = answer.value as readonly { readonly id: string }[];
      if (!all.some(({ id }) => id === one.name)) return dead('gone');
    }
  }
  if (one.kind === 'agent' && !blueprint.agents.some(({ cluster }) => cluster === one.cluster)) return dead('unwanted');
  const subject = found.find((standing) => isSame(standing, one));
  if (subject !== undefined) return keysOf(subject.stack)?.has(subject.key) === true ? dead('in-state') : [];
  const isUnknown = unanswered.some(
    ({ kind, workload, cluster }) =>
      kind.includes('role') === isOfRole(one) &&
      workload === one.workload &&
      (isOfRole(one) || cluster === one.cluster),
  );
  return isUnknown || one.kind === 'association' ? [] : dead('gone');
}

function isOfRole({ kind }: Pick<WrittenImport, 'kind'>): boolean {
  return ['role', 'target-role', 'inline-policy', 'managed-policy'].includes(kind);
}

/** Whether an import is that of a resource. The association of the first subject can be written without the name of the subject. */
function isSame({ kind, id, workload, cluster, entry }: Standing, one: WrittenImport): boolean {
  const { path, item } = one;
  if (kind === 'association' && one.kind === 'association')
    return id === one.name && workload === one.workload && cluster === one.cluster;
  return entry.path.join('\n') === path.join('\n') && entry.item === item;
}
