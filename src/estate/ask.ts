import type { Answer } from './aws/AwsPort';
import { answerOf, type AnswerTo, type Question } from './questions';
import type { Estate } from './Estate';

/**
 * Questions, and what comes of their answers: a result, or further questions ("the role that the annotation names"). A check is made of these, so
 * that it reads nothing that it did not ask for.
 */
export interface Ask<V> {
  readonly questions: readonly Question[];
  readonly next: (answers: readonly Answer<unknown>[]) => V | Ask<V>;
}

type AnswersTo<Q extends readonly Question[]> = { readonly [I in keyof Q]: AnswerTo<Q[I]> };

/** Asks questions; `next` receives their answers in the same order. */
export function ask<const Q extends readonly Question[], V>(
  questions: Q,
  next: (...answers: AnswersTo<Q>) => V | Ask<V>,
): Ask<V> {
  return { questions, next: (answers) => next(...(answers as unknown as AnswersTo<Q>)) };
}

/** The questions of several asks together; `next` receives their results in the same order. */
export function askAll<A, V>(asks: readonly (A | Ask<A>)[], next: (results: readonly A[]) => V | Ask<V>): V | Ask<V> {
  const open = asks.filter((one) => isAsk(one));
  if (open.length === 0) return next(asks as readonly A[]);
  return {
    questions: open.flatMap(({ questions }) => questions),
    next: (answers) => {
      let at = 0;
      const moved = asks.map((one) => {
        if (!isAsk(one)) return one;
        const own = answers.slice(at, (at += one.questions.length));
        return one.next(own);
      });
      return askAll(moved, next);
    },
  };
}

/** Whether something is questions still. */
export function isAsk<V>(one: V | Ask<V>): one is Ask<V> {
  return typeof one === 'object' && one !== null && 'next' in one && 'questions' in one;
}

/** Asks that an Estate answers whole. A reader asks again each round, and an Estate only grows meanwhile. */
const ANSWERED = new WeakMap<Estate, WeakSet<object>>();

/** The questions of an ask, and of asks in its result, that an Estate does not answer yet, as far as they can be known; none: it can be settled. */
export function openQuestions(one: unknown, estate: Estate): readonly Question[] {
  if (Array.isArray(one)) return one.flatMap((part) => openQuestions(part, estate));
  if (!isAsk(one)) return [];
  const answered = ANSWERED.get(estate) ?? new WeakSet();
  ANSWERED.set(estate, answered);
  if (answered.has(one)) return [];
  let here: unknown = one;
  while (isAsk(here)) {
    const { questions, next }: Ask<unknown> = here;
    const answers = questions.map((question) => answerOf(estate, question));
    const open = questions.filter((_, index) => isOpen(answers[index]));
    if (open.length > 0) return open;
    here = next(answers);
  }
  const open = openQuestions(here, estate);
  if (open.length === 0) answered.add(one);
  return open;
}

function isOpen(answer: Answer<unknown> | undefined): boolean {
  return answer?.ok === false && answer.why === 'not-asked';
}

/** Makes what is asked at the time of an Estate: once for all rounds of a reader, since `openQuestions` remembers asks, and again for another time. */
export function atTimeOf<T>(make: (now: Date) => T): (estate: Estate) => T {
  let last: { readonly at: string; readonly made: T } | undefined;
  return ({ at }) => {
    if (last?.at !== at) last = { at, made: make(new Date(at)) };
    return last.made;
  };
}

/** The result of an ask, and the questions that decided it: those that were asked last. */
export interface Settled<V> {
  readonly value: V;
  readonly questions: readonly Question[];
}

/** Takes an ask to its end with the answers of an Estate, or those that `answer` gives instead. */
export function settle<V>(
  one: V | Ask<V>,
  estate: Estate,
  answer: (question: Question) => Answer<unknown> = (question) => answerOf(estate, question),
): Settled<V> {
  let here = one;
  let last: readonly Question[] = [];
  while (isAsk(here)) {
    last = here.questions;
    here = here.next(last.map(answer));
  }
  return { value: here, questions: last };
}

/** Which question of an ask had no answer. */
export interface NoAnswer {
  readonly noAnswer: Question;
  readonly answer: Answer<never> & { readonly ok: false };
  /** Further questions without an answer that were asked together with it. */
  readonly others?: readonly NoAnswer[];
}

type ValuesOf<Q extends readonly Question[]> = {
  readonly [I in keyof Q]: AnswerTo<Q[I]> extends Answer<infer T> ? T : never;
};

/** Asks questions that must all have an answer; `next` receives the values. A question without one ends the ask. */
export function need<const Q extends readonly Question[], V>(
  questions: Q,
  next: (...values: ValuesOf<Q>) => V | Ask<V | NoAnswer>,
): Ask<V | NoAnswer> {
  return {
    questions,
    next: (answers) => {
      const [first, ...others] = answers.flatMap((answer, index): NoAnswer[] => {
        const noAnswer = questions[index];
        return answer.ok || noAnswer === undefined ? [] : [{ noAnswer, answer }];
      });
      if (first !== undefined) return others.length === 0 ? first : { ...first, others };
      const values = answers.map((answer) => (answer.ok ? answer.value : undefined));
      return next(...(values as unknown as ValuesOf<Q>));
    },
  };
}

/** Whether an ask ended at a question without an answer. */
export function isNoAnswer(result: unknown): result is NoAnswer {
  return typeof result === 'object' && result !== null && 'noAnswer' in result;
}
