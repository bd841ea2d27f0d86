import type { Difference } from '../../operations/drift/Difference';
import { unanswered } from '../../operations/evidence/evidenceOf';

/** Questions to one place that all went unanswered for the same cause. */
export interface Unanswered {
  /** `apps-prod (333333333333)`, `kubectl --context prod-main`. */
  readonly place: string;
  readonly count: number;
  readonly cause: string;
  /** Of all of them at once, in lines. */
  readonly remedy: string;
}

/** An account is the same in each of its regions: credentials and permissions are. */
const REGION = /(\(\d{12}\)) [\w-]+$/;

/** Takes together the questions to one account or cluster that have no answer for the same cause; a lone one is left where it is. */
export function foldUnanswered(differences: readonly Difference[]): {
  readonly folds: readonly Unanswered[];
  readonly rest: readonly Difference[];
} {
  const groups = new Map<string, Difference[]>();
  for (const one of differences) {
    if (one.why === undefined) continue;
    const key = JSON.stringify([placeOf(one), one.found]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const several = [...groups.values()].filter(({ length }) => length > 1);
  const folded = new Set(several.flat());
  return { folds: several.map(foldOf), rest: differences.filter((one) => !folded.has(one)) };
}

function placeOf({ of }: Difference): string {
  return of.replace(REGION, '$1');
}

function foldOf(these: readonly Difference[]): Unanswered {
  const [first] = these;
  const place = first === undefined ? '' : placeOf(first);
  return { place, count: these.length, cause: first?.found ?? '', remedy: remedyOf(these, place) };
}

/** Where what to do differs by the permission alone, one sentence names them all. */
function remedyOf(these: readonly Difference[], place: string): string {
  const [{ why, found, remedy } = { why: undefined, found: '', remedy: '' }] = these;
  const actions = [...new Set(these.map(({ asked }) => /^[a-z-]+:\w+/.exec(asked)?.[0] ?? asked))];
  if (why === undefined) return remedy;
  const [, ...commands] = remedy.split('\n');
  const asked = actions.length > 1 ? `all of ${actions.join(', ')}` : (actions[0] ?? '');
  return (
    unanswered({ asked, of: place }, { ok: false, why, message: found, fix: commands.map((say) => ({ say })) })
      .remedy ?? ''
  );
}
