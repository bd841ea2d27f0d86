import type { Answer } from '../../estate/aws/AwsPort';
import { listed } from '../../inventory/suggest';
import { say } from '../../operations/remedies';
import type { Unread } from '../../operations/survey/Survey';

export type NoAnswer = Extract<Answer<unknown>, { readonly ok: false }>;
type Place = Pick<Unread, 'account' | 'region' | 'context'>;

/** A question without an answer, as the survey lists it. */
export function unreadOf(place: Place, what: string, answer: NoAnswer): Unread {
  const { why, message, fix = [] } = answer;
  return { ...place, what, message, reason: why === 'not-asked' || why === 'not-judged' ? 'failed' : why, remedy: fix };
}

/** The clusters of an account could not be listed, in one region or in several: one entry, however many there are. */
export function notListed(
  place: Place,
  failed: readonly { readonly region: string; readonly answer: NoAnswer }[],
): Unread {
  const [first, ...others] = failed;
  if (first === undefined) throw new Error('nothing failed');
  const regions = listed(
    failed.map(({ region }) => region),
    5,
  );
  const unread = unreadOf(
    others.length === 0 ? { ...place, region: first.region } : place,
    'eks:ListClusters',
    first.answer,
  );
  const message = others.length === 0 ? unread.message : `in ${regions}: ${unread.message}`;
  if (first.answer.why !== 'denied') return { ...unread, message };
  const allow = say('Allow eks:ListClusters there, or name a role of the account that podlift assumes: --role NAME.');
  return { ...unread, message, remedy: [allow, ...unread.remedy] };
}
