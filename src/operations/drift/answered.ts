import type { Answer, Unanswered } from '../../estate/aws/AwsPort';
import { unanswered } from '../evidence/evidenceOf';
import type { Difference, Unlike } from './Difference';

/** What is asked, and about what. */
export type Question = Pick<
  Difference,
  'kind' | 'environment' | 'workload' | 'cluster' | 'where' | 'asked' | 'of' | 'expected'
>;

/** The differences that an answer shows, by a judgement of it; without an answer the question itself, as not known. */
export function answered<T>(
  question: Question,
  answer: Answer<T>,
  judge: (value: T) => readonly Unlike[],
): readonly Difference[] {
  if (answer.ok) return judge(answer.value).map((unlike) => ({ ...question, holds: 'no', ...unlike }));
  const { found, remedy = '' } = unanswered(question, answer);
  return [{ ...question, holds: 'unknown', found, remedy, why: answer.why as Unanswered }];
}
