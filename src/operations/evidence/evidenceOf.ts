import type { Answer } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import { shellWord } from '../../estate/shellWord';
import type { Step } from './Check';
import type { Evidence } from './Evidence';

/** What is asked, for which workload and cluster (keys), of whom. */
export type Question = Pick<Evidence, 'check' | 'workload' | 'cluster' | 'asked' | 'of'>;

/** What came of it. */
export type Verdict = Pick<Evidence, 'found' | 'holds' | 'remedy' | 'remedyDue'>;

/** Evidence from a question and its verdict. */
export function evidenceOf({ environment }: Step, now: Date, question: Question, verdict: Verdict): Evidence {
  return { ...question, environment: environment.key, when: now.toISOString(), ...verdict };
}

/** Evidence from an answer of AWS or a cluster: judged where there is one, else `unknown` with the reason and what to do. */
export function judged<T>(
  step: Step,
  now: Date,
  question: Question,
  answer: Answer<T>,
  judge: (value: T) => Verdict,
): Evidence {
  return evidenceOf(step, now, question, answer.ok ? judge(answer.value) : unanswered(question, answer));
}

const NEXT: Readonly<Record<NonNullable<(Answer<unknown> & { ok: false })['why']>, (asked: string) => string>> = {
  denied: (asked) => `Log in with credentials that may ask ${asked}, then ask again.`,
  throttled: () => 'It was retried with back-off; ask again in a minute.',
  unreachable: () => 'Check the network (VPN, proxy, endpoint), then ask again.',
  timeout: () => 'Ask again; a login that waits for input can be the reason.',
  failed: () => 'Fix what the message says, then ask again.',
  'not-judged': () => 'Fix what `cluster` says first, then ask again.',
  'not-asked': () => 'Save the Estate again with this version of podlift, without --workload.',
};

/** The lines of a remedy, commands quoted for a POSIX shell. */
export function remedyLines(remedy: Remedy = []): readonly string[] {
  return remedy.map((step) => ('say' in step ? step.say : step.run.map(shellWord).join(' ')));
}

/** The verdict where there is no answer. */
export function unanswered(
  { asked, of }: Pick<Question, 'asked' | 'of'>,
  { why, message, fix }: Answer<unknown> & { ok: false },
): Verdict {
  // The permission alone for AWS (`iam:GetRole`), so that many questions share one remedy.
  const action = /^[a-z-]+:\w+/.exec(asked)?.[0] ?? asked;
  const remedy = [`${NEXT[why](action)} (${of})`, ...remedyLines(fix)].join('\n');
  return { found: `${why}: ${message}`, holds: 'unknown', remedy };
}
