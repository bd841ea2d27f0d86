import { variablesOf } from './expandVariables';
import { untrueConditions } from './matchConditions';
import { type ConditionValue, listOf, type OneOrMany, type Statement } from './PolicyDocument';
import { NAME_KEYS } from './podSessions';
import type { RequestContext } from './requestContext';

/** What a session of a mode makes of a condition or a variable. `open`: not known. */
type Truth = boolean | 'open';

/** A part of a statement that sessions of the two modes do not meet alike. */
export interface SessionDifference {
  /** The key, as written; of a principal, its name. */
  readonly key: string;
  /** Of a condition. Absent: the key is a policy variable, or a principal (`at` begins with `Principal` or `NotPrincipal`). */
  readonly operator?: string;
  /** Where it is: `Condition` with operator and key, or an index of `Resource` or `NotResource`. */
  readonly at: readonly (string | number)[];
  /** Whether the condition is true; of a variable, whether it has a value. */
  readonly irsa: Truth;
  readonly podIdentity: Truth;
  /**
   * The mode whose sessions are allowed less. `name`: it depends on the session's name, which changes at each refresh on Pod Identity. `length`: it
   * depends on when the session began, and EKS gives sessions of six hours, which the agent keeps.
   */
  readonly loses: 'irsa' | 'pod-identity' | 'name' | 'length';
}

const ISSUE_TIME = 'aws:tokenissuetime';

/**
 * The conditions and policy variables of a statement that have another result with a session of IRSA than with one of Pod Identity. What is not known of
 * both is no difference. A statement with a condition that neither meets applies to none.
 *
 * @param irsa the sessions of IRSA on each cluster
 * @param podIdentity those of Pod Identity
 * @param variables whether the document's version has policy variables
 */
export function sessionDifferences(
  statement: Statement,
  irsa: readonly RequestContext[],
  podIdentity: readonly RequestContext[],
  variables = true,
): readonly SessionDifference[] {
  if (irsa.length === 0 || podIdentity.length === 0) return [];
  const { Effect, Condition = {} } = statement;
  const differences: SessionDifference[] = [];
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, value] of Object.entries(keys)) {
      const truth = (contexts: readonly RequestContext[]) =>
        agreed(contexts, (context) => truthOf(Effect, operator, key, value, context, variables));
      const both = { irsa: truth(irsa), podIdentity: truth(podIdentity) };
      if (both.irsa === false && both.podIdentity === false)
        return ofVariables(statement, irsa, podIdentity, variables, false);
      if (key.toLowerCase() === ISSUE_TIME)
        differences.push({ key, operator, at: ['Condition', operator, key], ...both, loses: 'length' });
      if (both.irsa === both.podIdentity || (both.podIdentity === 'open' && both.irsa !== 'open')) continue;
      const worse = Effect === 'Allow' ? both.podIdentity === false : both.podIdentity === true;
      // An open condition on IRSA is one on the session's name: what Pod Identity never loses is no concern.
      if (both.irsa === 'open' && !worse) continue;
      const loses = worse ? 'pod-identity' : 'irsa';
      differences.push({ key, operator, at: ['Condition', operator, key], ...both, loses });
    }
  return [...differences, ...ofVariables(statement, irsa, podIdentity, variables, true)];
}

function ofVariables(
  { Effect, Condition = {}, Resource, NotResource }: Statement,
  irsa: readonly RequestContext[],
  podIdentity: readonly RequestContext[],
  variables: boolean,
  isMet: boolean,
): readonly SessionDifference[] {
  if (!variables || !isMet) return [];
  const indexed = (element: string, values: OneOrMany<string> | undefined) =>
    listOf(values ?? []).map((text, index) => ({ text, at: [element, ...(Array.isArray(values) ? [index] : [])] }));
  const inConditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, value]) =>
      listOf(value).map((text) => ({ text: String(text), at: ['Condition', operator, key] })),
    ),
  );
  const all = [...indexed('Resource', Resource), ...indexed('NotResource', NotResource), ...inConditions];
  return all.flatMap(({ text, at }) =>
    variablesOf(text).flatMap((key): readonly SessionDifference[] => {
      const has = (contexts: readonly RequestContext[]) => agreed(contexts, (context) => presence(context, key));
      const both = { irsa: has(irsa), podIdentity: has(podIdentity) };
      if (NAME_KEYS.has(key.toLowerCase())) return [{ key, at, ...both, loses: 'name' }];
      if (both.irsa === 'open' || both.podIdentity === 'open' || both.irsa === both.podIdentity) return [];
      const lacking = both.irsa ? 'pod-identity' : 'irsa';
      // A Deny that names nothing denies nothing.
      if (Effect === 'Deny' && at[0] === 'Resource') return [];
      return [{ key, at, ...both, loses: lacking }];
    }),
  );
}

function presence(context: RequestContext, key: string): Truth {
  const name = key.toLowerCase();
  if (context.get(name) !== undefined) return true;
  const missing = context.presence?.(name) ?? 'never';
  return missing === 'sometimes' ? 'open' : missing === 'always';
}

function truthOf(
  Effect: Statement['Effect'],
  operator: string,
  key: string,
  value: OneOrMany<ConditionValue>,
  context: RequestContext,
  variables: boolean,
): Truth {
  const values = key.toLowerCase() === 'aws:userid' ? listOf(value).map(nameIn) : value;
  const { failed, open } = untrueConditions(
    { Effect, Condition: { [operator]: { [key]: values } } },
    context,
    variables,
  );
  return failed.length > 0 ? false : open.length > 0 ? 'open' : true;
}

function agreed(contexts: readonly RequestContext[], of: (context: RequestContext) => Truth): Truth {
  const results = contexts.map(of);
  const [first = 'open'] = results;
  return results.every((one) => one === first) ? first : 'open';
}

/** The part of `ROLE_ID:SESSION_NAME` that is the session's name, which has no colon. */
function nameIn(value: ConditionValue): ConditionValue {
  const text = String(value);
  return text.includes('${') ? value : text.slice(text.lastIndexOf(':') + 1);
}
